package io.hdl.data.storage;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Signs with an account's key, for emulators ("Authorize with Shared Key" in Azure Storage's REST
 * reference). Thread-safe.
 */
final class SharedKeySigner implements RequestSigner {
  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  /** What stands, in this order, between the method and the x-ms headers. */
  private static final List<String> SIGNED =
      List.of(
          "content-encoding",
          "content-language",
          "content-length",
          "content-md5",
          "content-type",
          "date",
          "if-modified-since",
          "if-match",
          "if-none-match",
          "if-unmodified-since",
          "range");

  private final String account;
  private final Supplier<String> key;
  private final InstantSource clock;

  SharedKeySigner(String account, Supplier<String> key, InstantSource clock) {
    this.account = account;
    this.key = key;
    this.clock = clock;
  }

  @Override
  public Map<String, String> headers(String method, URI target, Map<String, String> headers) {
    Map<String, String> added = new LinkedHashMap<>();
    added.put("x-ms-date", DATE.format(clock.instant()));
    added.put("x-ms-version", BearerSigner.API_VERSION);
    Map<String, String> all = new TreeMap<>();
    headers.forEach((name, value) -> all.put(name.toLowerCase(Locale.ROOT), value.strip()));
    all.putAll(added);
    added.put("Authorization", "SharedKey " + account + ":" + signed(text(method, target, all)));
    return added;
  }

  /** The text that is signed. */
  String text(String method, URI target, Map<String, String> headers) {
    List<String> lines = new ArrayList<>();
    lines.add(method);
    for (String name : SIGNED) {
      String value = headers.getOrDefault(name, "");
      lines.add(name.equals("content-length") && value.equals("0") ? "" : value);
    }
    headers.forEach(
        (name, value) -> {
          if (name.startsWith("x-ms-")) {
            lines.add(name + ":" + value);
          }
        });
    lines.add("/" + account + target.getRawPath());
    Map<String, String> query = new TreeMap<>();
    String raw = target.getRawQuery();
    for (String pair : raw == null ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      String value = equals < 0 ? "" : pair.substring(equals + 1);
      query.put(
          name.toLowerCase(Locale.ROOT),
          java.net.URLDecoder.decode(value.replace("+", "%2B"), StandardCharsets.UTF_8));
    }
    query.forEach((name, value) -> lines.add(name + ":" + value));
    return String.join("\n", lines);
  }

  private String signed(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.get()), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      // Without its cause: the JDK's message shows characters of the key.
      throw new HdlException(
          ErrorCode.UNAUTHENTICATED,
          "The key of the account " + account + " is no Base64 text. Check HDL_ABFS_ACCOUNT_KEY.");
    } catch (GeneralSecurityException e) {
      throw new HdlException(ErrorCode.INTERNAL, "This JVM has no HmacSHA256", e);
    }
  }
}
