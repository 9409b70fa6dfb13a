package io.hdl.core.identity;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Cuts secrets out of texts before they leave the process. Every {@link Secret} that is revealed
 * and every token that is fetched is known here, in its plain form and as URLs, JSON and Base64
 * carry it; what looks like a token, a password or a signature is cut as well, known or not. A job
 * passes its events, its record, its provenance, what its tracker gets and the failures that {@code
 * run()} throws through it.
 *
 * <p>Of a secret only its length and keyed hashes are kept. A secret of fewer than {@value
 * #SHORTEST} characters is not looked for: it would blank out ordinary words. Texts that an
 * application logs itself do not pass through here; it can call {@link #text}. Thread-safe.
 */
public final class Redaction {
  /** What stands in a secret's place. */
  public static final String MARK = "[redacted]";

  /** Secrets with fewer characters than this are not looked for. */
  static final int SHORTEST = 6;

  private static final KnownSecrets KNOWN = new KnownSecrets(20_000);

  /** Names of environment variables whose values are secrets. */
  private static final Pattern SECRET_NAME =
      Pattern.compile(
          "(^|.*_)(TOKEN|SECRET|SECRET_ID|PASSWORD|PASSWD|PASSPHRASE|ACCOUNT_KEY|ACCESS_KEY|API_KEY"
              + "|APIKEY|SECRET_KEY|STORAGE_KEY|PRIVATE_KEY|SAS|SAS_TOKEN|CONNECTION_STRING)$");

  private static final String SECRET_FIELD =
      "(?:account_?key|shared_?access_?(?:key|signature)|client_?secret|client_?assertion"
          + "|(?:access|refresh|id|session|client|x-vault)[-_]?token|api[-_]?key|secret[-_]?(?:key|id)"
          + "|password|passwd|passphrase)";

  private record Rule(Pattern pattern, String replacement) {}

  private static final List<Rule> RULES =
      List.of(
          // JSON web tokens, cut off ones too.
          rule("\\beyJ[A-Za-z0-9_-]{16,}(?:\\.[A-Za-z0-9_-]*){0,4}", MARK),
          rule("(?i)\\b(bearer|basic)(\\s+)(?!realm=)[A-Za-z0-9._~+/=-]{20,}", "$1$2" + MARK),
          rule("(?i)\\b(sharedkey(?:lite)?\\s+[a-z0-9]+:)[A-Za-z0-9+/=]{20,}", "$1" + MARK),
          // Signatures and secrets in the query of an address.
          rule("(?i)([?&](?:sig|signature|code|token)=)[^&\\s\"'<>]+", "$1" + MARK),
          rule("(?i)(\"" + SECRET_FIELD + "\"\\s*:\\s*\")(?:[^\"\\\\]|\\\\.)*", "$1" + MARK),
          rule("(?i)\\b(" + SECRET_FIELD + "\\s*=\\s*)[^;&\\s\"',<>]+", "$1" + MARK),
          // scheme://user:password@host
          rule("(?i)\\b([a-z][a-z0-9+.-]*://[^/@\\s:?#]*:)[^/@\\s]+@", "$1" + MARK + "@"));

  private Redaction() {}

  /**
   * Looks for a secret from now on, in all its forms. For secrets that reach a job on other ways
   * than {@link Secret} and {@link TokenSource#cached}, which do so themselves.
   */
  public static void remember(String secret) {
    for (String form : forms(secret)) {
      if (form.length() >= SHORTEST) {
        KNOWN.add(form);
      }
    }
  }

  /**
   * Looks for the values of those environment variables whose names say that they hold a secret,
   * such as {@code MLFLOW_TRACKING_PASSWORD} or {@code AZURE_CLIENT_SECRET}.
   */
  public static void rememberEnvironment(Map<String, String> environment) {
    environment.forEach(
        (name, value) -> {
          boolean secret = SECRET_NAME.matcher(name.toUpperCase(Locale.ROOT)).matches();
          if (secret && !value.startsWith(Secrets.SCHEME)) {
            remember(value);
          }
        });
  }

  /** The text without secrets; the same one if it holds none. */
  public static String text(String text) {
    takeGiven();
    String clean = KNOWN.replace(text, MARK);
    for (Rule rule : RULES) {
      clean = rule.pattern().matcher(clean).replaceAll(rule.replacement());
    }
    return clean;
  }

  /** The same map, in order, with values without secrets. */
  public static <K> Map<K, String> values(Map<K, String> texts) {
    Map<K, String> clean = new LinkedHashMap<>();
    texts.forEach((key, value) -> clean.put(key, text(value)));
    return clean;
  }

  /**
   * A failure without secrets in its messages: the same one if neither it nor its causes hold any,
   * else a copy with the same stack and the code of an {@code HdlException}.
   */
  public static RuntimeException failure(RuntimeException failure) {
    return FailureCopy.of(failure).orElse(failure);
  }

  /** What to throw instead of an error whose messages hold a secret, if they do. */
  public static Optional<RuntimeException> failure(Error failure) {
    return FailureCopy.of(failure);
  }

  /** Under a lock: a second caller must not look before the first has taken them all. */
  private static synchronized void takeGiven() {
    for (Optional<String> next = Secret.nextGiven(); next.isPresent(); next = Secret.nextGiven()) {
      remember(next.get());
    }
  }

  private static Rule rule(String pattern, String replacement) {
    return new Rule(Pattern.compile(pattern), replacement);
  }

  /** As JSON carries it within a string (RFC 8259, section 7); no writer is loaded for that. */
  private static String inJson(String text) {
    StringBuilder json = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      int named = "\"\\\b\f\n\r\t".indexOf(c);
      if (named >= 0) {
        json.append('\\').append("\"\\bfnrt".charAt(named));
      } else if (c < 0x20) {
        json.append(String.format(Locale.ROOT, "\\u%04X", (int) c));
      } else {
        json.append(c);
      }
    }
    return json.toString();
  }

  /** The secret as people and programs write it. */
  private static Set<String> forms(String secret) {
    Set<String> forms = new LinkedHashSet<>();
    forms.add(secret);
    forms.add(secret.strip());
    // Of a key or certificate in several lines each line is a secret.
    if (secret.strip().indexOf('\n') >= 0) {
      secret.lines().map(String::strip).filter(line -> !line.startsWith("--")).forEach(forms::add);
    }
    for (String plain : List.copyOf(forms)) {
      String url = URLEncoder.encode(plain, StandardCharsets.UTF_8);
      forms.add(url);
      forms.add(url.replace("+", "%20"));
      forms.add(inJson(plain));
      byte[] bytes = plain.getBytes(StandardCharsets.UTF_8);
      forms.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
      forms.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }
    return forms;
  }
}
