package io.hdl.core.testing;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Azurite, Microsoft's emulator of Azure Storage, as a process on a free port of the loopback
 * interface: the Blob service of one account with a key that is made for it. It has no hierarchical
 * namespace.
 *
 * <pre>{@code
 * try (Azurite lake = Azurite.start()) {
 *   lake.createContainer("curated");
 *   run(lake.address("curated", "retail/sales"), lake.endpoint(), lake.accountKey());
 * }
 * }</pre>
 *
 * <p>{@link #start()} is for tests: it keeps its data in a temporary folder, and where Azurite
 * cannot be had the test is skipped with one line. {@link #in} is for programs: it keeps the data
 * and the key in a folder of the caller's, and fails with {@code ENVIRONMENT_MISMATCH}.
 * Thread-safe.
 */
public final class Azurite implements AutoCloseable {
  /** The account's name. */
  public static final String ACCOUNT = "devstoreaccount1";

  private static final Duration START_LIMIT = Duration.ofMinutes(2);
  private static final Pattern LISTENS = Pattern.compile("listens on https?://[^:\\s]+:(\\d+)");

  private final List<String> program;
  private final Path folder;
  private final boolean temporary;
  private final @Nullable TestCertificate certificate;
  private final String key;
  private final Thread atExit = new Thread(this::stop, "hdl-azurite-at-exit");
  private int port;
  private @Nullable Process process;

  private Azurite(
      List<String> program, Path folder, boolean temporary, @Nullable TestCertificate certificate)
      throws IOException {
    this.program = program;
    this.folder = folder;
    this.temporary = temporary;
    this.certificate = certificate;
    key = keyIn(folder);
  }

  /** Starts an empty one over HTTP, for a test; skips the test where it cannot be had. */
  public static Azurite start() {
    return forTest(null);
  }

  /**
   * Starts an empty one over TLS that takes bearer tokens ({@link #token}) as well as its key, for
   * a test; clients have to trust {@link TestCertificate}.
   */
  public static Azurite startWithTls() {
    return forTest(TestCertificate.get());
  }

  /**
   * Starts one over HTTP that keeps its data and its key in a folder.
   *
   * @throws HdlException with {@code ENVIRONMENT_MISMATCH} where it cannot be had
   */
  public static Azurite in(Path folder) {
    try {
      Files.createDirectories(folder);
      return started(new Azurite(AzuriteProgram.command(), folder, false, null));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Address of the service without the account, for {@code HDL_ABFS_ENDPOINT}. */
  public synchronized URI endpoint() {
    return URI.create((certificate == null ? "http" : "https") + "://127.0.0.1:" + port);
  }

  /** The account's key, in Base64, for {@code HDL_ABFS_ACCOUNT_KEY}. */
  public String accountKey() {
    return key;
  }

  /** The {@code abfs:} (with TLS {@code abfss:}) address of a path in a container. */
  public URI address(String container, String path) {
    return URI.create(
        (certificate == null ? "abfs" : "abfss")
            + "://"
            + container
            + "@"
            + ACCOUNT
            + ".dfs.core.windows.net/"
            + path);
  }

  /**
   * A bearer token that it accepts when started with TLS: it reads a token's times, issuer and
   * audience, and no signature.
   */
  public static String token(Instant expires) {
    Instant now = Instant.now();
    return base64("{\"alg\":\"RS256\",\"typ\":\"JWT\"}")
        + "."
        + base64(
            """
            {"aud":"https://storage.azure.com","iss":"https://sts.windows.net/%s/",\
            "iat":%d,"nbf":%d,"exp":%d}"""
                .formatted(
                    UUID.randomUUID(),
                    now.minusSeconds(60).getEpochSecond(),
                    now.minusSeconds(60).getEpochSecond(),
                    expires.getEpochSecond()))
        + "."
        + base64("no signature");
  }

  /** Makes a container; no error if there is one. */
  public void createContainer(String container) {
    AzuriteContainers.create(endpoint(), certificate, key, container);
  }

  /** What the program printed so far. */
  public String log() {
    try {
      return Files.exists(logFile()) ? Files.readString(logFile()) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the process and keeps its data; {@link #restart()} begins anew. */
  public synchronized void stop() {
    if (process != null) {
      ExternalCommand.end(process.toHandle());
      process = null;
    }
  }

  /** Starts it again on its port and data. */
  public synchronized void restart() {
    stop();
    launch();
  }

  @Override
  public void close() {
    stop();
    try {
      Runtime.getRuntime().removeShutdownHook(atExit);
    } catch (IllegalStateException exiting) {
      return;
    }
    if (temporary) {
      MlflowServer.delete(folder);
    }
  }

  private static Azurite forTest(@Nullable TestCertificate certificate) {
    List<String> program;
    try {
      program = AzuriteProgram.command();
    } catch (HdlException e) {
      throw Servers.skip(String.valueOf(e.getMessage()));
    }
    try {
      Path folder = Files.createTempDirectory("hdl-azurite");
      return started(new Azurite(program, folder, true, certificate));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Azurite started(Azurite azurite) {
    Runtime.getRuntime().addShutdownHook(azurite.atExit);
    try {
      azurite.launch();
      return azurite;
    } catch (RuntimeException e) {
      azurite.close();
      throw e;
    }
  }

  private synchronized void launch() {
    List<String> command = new ArrayList<>(program);
    command.addAll(
        List.of(
            "--blobHost",
            "127.0.0.1",
            "--blobPort",
            Integer.toString(port),
            "--location",
            folder.toString(),
            "--skipApiVersionCheck",
            "--loose",
            "--silent",
            "--disableTelemetry"));
    if (certificate != null) {
      command.addAll(
          List.of(
              "--cert",
              certificate.keyStore().toString(),
              "--pwd",
              certificate.password(),
              "--oauth",
              "basic"));
    }
    ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
    builder.environment().put("AZURITE_ACCOUNTS", ACCOUNT + ":" + key);
    builder.redirectErrorStream(true);
    try {
      Files.deleteIfExists(logFile());
      builder.redirectOutput(logFile().toFile());
      Process begun = builder.start();
      begun.getOutputStream().close();
      process = begun;
      port = awaitPort(begun);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The port it listens on, as it prints once it does. */
  private int awaitPort(Process begun) throws IOException {
    long end = System.nanoTime() + START_LIMIT.toNanos();
    try {
      boolean ended = false;
      while (!ended && System.nanoTime() < end) {
        ended = begun.waitFor(50, TimeUnit.MILLISECONDS);
        Matcher listens = LISTENS.matcher(log());
        if (!ended && listens.find()) {
          return Integer.parseInt(listens.group(1));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    stop();
    throw new HdlException(
        ErrorCode.ENVIRONMENT_MISMATCH,
        "Azurite does not start: " + ExternalCommand.lastLines(log(), 10));
  }

  private Path logFile() {
    return folder.resolve("azurite.log");
  }

  /** The key of the account whose data lie there, made if there is none. */
  private static String keyIn(Path folder) throws IOException {
    Path file = folder.resolve("account.key");
    if (!Files.exists(file)) {
      byte[] random = new byte[64];
      new SecureRandom().nextBytes(random);
      Files.writeString(file, Base64.getEncoder().encodeToString(random));
    }
    return Files.readString(file).strip();
  }

  private static String base64(String text) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }
}
