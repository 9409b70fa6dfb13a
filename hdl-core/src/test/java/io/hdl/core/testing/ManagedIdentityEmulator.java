package io.hdl.core.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands in for the metadata endpoints that lend machines an identity: that of Azure VMs (IMDS) and
 * that of Azure Arc's agent (HIMDS), with its challenge and key files. It proves that the real
 * library's requests, headers and checks work out; it proves nothing about rights in Azure, and its
 * tokens are no JSON web tokens that a service would take. Thread-safe.
 */
public final class ManagedIdentityEmulator implements AutoCloseable {
  private static final String PATH = "/metadata/identity/oauth2/token";

  private final LoopbackHttp http;
  private final Optional<Path> keys;
  private final String prefix;
  private final Duration life;
  private final AtomicInteger issued = new AtomicInteger();
  private final ConcurrentLinkedQueue<LoopbackHttp.Answer> first = new ConcurrentLinkedQueue<>();

  private ManagedIdentityEmulator(int port, Optional<Path> keys, String prefix, Duration life) {
    this.keys = keys;
    this.prefix = prefix;
    this.life = life;
    http = LoopbackHttp.serving(port, this::answer);
  }

  /**
   * The endpoint of Azure VMs.
   *
   * @param prefix what its tokens begin with; a number follows
   * @param life how long they are valid
   */
  public static ManagedIdentityEmulator imds(String prefix, Duration life) {
    return new ManagedIdentityEmulator(0, Optional.empty(), prefix, life);
  }

  /**
   * The endpoint of Azure Arc's agent.
   *
   * @param keys where it writes the key file that a caller has to read
   */
  public static ManagedIdentityEmulator arc(int port, Path keys, String prefix, Duration life) {
    return new ManagedIdentityEmulator(port, Optional.of(keys), prefix, life);
  }

  /** Its address, without a path. */
  public URI uri() {
    return http.uri();
  }

  /** Gives this answer before any other, once. */
  public ManagedIdentityEmulator first(LoopbackHttp.Answer answer) {
    first.add(answer);
    return this;
  }

  /** All that was asked so far. */
  public List<LoopbackHttp.Asked> asked() {
    return http.asked();
  }

  private LoopbackHttp.Answer answer(LoopbackHttp.Asked asked) {
    LoopbackHttp.Answer planned = first.poll();
    if (planned != null) {
      return planned;
    }
    // The library asks below "//metadata", as the real endpoint allows.
    boolean known = asked.path().replace("//", "/").equals(PATH) && asked.method().equals("GET");
    if (!known || !asked.query().containsKey("resource")) {
      return error(404, "not_found", "no such endpoint");
    }
    if (!asked.header("metadata").orElse("").equals("true")) {
      return error(400, "invalid_request", "Required metadata header not specified");
    }
    if (keys.isPresent()) {
      Optional<String> refused = challenge(asked, keys.get());
      if (refused.isPresent()) {
        return error(401, "unauthorized_client", "challenge")
            .with("WWW-Authenticate", refused.get());
      }
    }
    return token(asked.query().get("resource"));
  }

  /** What a caller without the present key is told; each key serves once. */
  private static Optional<String> challenge(LoopbackHttp.Asked asked, Path keys) {
    try {
      String shown = asked.header("authorization").orElse("");
      try (var files = Files.list(keys)) {
        for (Path key : files.toList()) {
          if (shown.equals("Basic " + Files.readString(key))) {
            Files.delete(key);
            return Optional.empty();
          }
        }
      }
      Path key =
          Files.writeString(keys.resolve(UUID.randomUUID() + ".key"), UUID.randomUUID() + "");
      return Optional.of("Basic realm=" + key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private LoopbackHttp.Answer token(String resource) {
    long expires = Instant.now().plus(life).getEpochSecond();
    return LoopbackHttp.Answer.json(
        200,
        String.format(
            Locale.ROOT,
            "{\"access_token\":\"%s%d\",\"client_id\":\"c\",\"expires_in\":\"%d\",\"expires_on\":\"%d\","
                + "\"not_before\":\"0\",\"resource\":\"%s\",\"token_type\":\"Bearer\"}",
            prefix,
            issued.incrementAndGet(),
            life.toSeconds(),
            expires,
            resource));
  }

  /** An error as these endpoints word it. */
  public static LoopbackHttp.Answer error(int status, String code, String description) {
    return LoopbackHttp.Answer.json(
        status, "{\"error\":\"" + code + "\",\"error_description\":\"" + description + "\"}");
  }

  @Override
  public void close() {
    http.close();
  }
}
