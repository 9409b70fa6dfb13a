package io.hdl.core.testing;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * A self-signed certificate for {@code localhost} and {@code 127.0.0.1}, made by the JDK's keytool
 * when it is first asked for, with a key and a password that live as long as this JVM. Thread-safe.
 */
public final class TestCertificate {
  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final SecureRandom RANDOM = new SecureRandom();
  private static @Nullable TestCertificate known;

  private final Path keys;
  private final Path trusted;
  private final String password;

  private TestCertificate(Path keys, Path trusted, String password) {
    this.keys = keys;
    this.trusted = trusted;
    this.password = password;
  }

  /** The one certificate of this JVM. */
  public static synchronized TestCertificate get() {
    if (known == null) {
      known = make();
    }
    return known;
  }

  /** A PKCS #12 file with the certificate and its private key, for a server. */
  public Path keyStore() {
    return keys;
  }

  /** A PKCS #12 file with the certificate alone, for {@code javax.net.ssl.trustStore}. */
  public Path trustStore() {
    return trusted;
  }

  /** The password of both files. */
  public String password() {
    return password;
  }

  /** Serves with this certificate, and trusts it and no other. */
  public SSLContext context() {
    try {
      KeyManagerFactory server =
          KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
      server.init(load(keys), password.toCharArray());
      TrustManagerFactory client =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      client.init(load(trusted));
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(server.getKeyManagers(), client.getTrustManagers(), RANDOM);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot use the test certificate", e);
    }
  }

  private KeyStore load(Path file) throws GeneralSecurityException {
    try (InputStream in = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(in, password.toCharArray());
      return store;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static TestCertificate make() {
    byte[] secret = new byte[16];
    RANDOM.nextBytes(secret);
    String password = HexFormat.of().formatHex(secret);
    try {
      Path folder = Files.createTempDirectory("hdl-certificate");
      Path keys = folder.resolve("keys.p12");
      Path trusted = folder.resolve("trusted.p12");
      folder.toFile().deleteOnExit();
      keys.toFile().deleteOnExit();
      trusted.toFile().deleteOnExit();
      String keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
      ExternalCommand.Result made =
          ExternalCommand.run(
              List.of(
                  keytool,
                  "-genkeypair",
                  "-alias",
                  "test",
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=localhost",
                  "-ext",
                  "SAN=dns:localhost,ip:127.0.0.1",
                  "-validity",
                  "30",
                  "-storetype",
                  "PKCS12",
                  "-storepass:env",
                  "HDL_STORE_PASSWORD",
                  "-keystore",
                  keys.toString()),
              Map.of("HDL_STORE_PASSWORD", password),
              LIMIT);
      if (made.exit() != 0) {
        throw new IllegalStateException("keytool cannot make a certificate: " + made.tail());
      }
      TestCertificate certificate = new TestCertificate(keys, trusted, password);
      certificate.writeTrusted();
      return certificate;
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot make a test certificate", e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Cannot make a test certificate", e);
    }
  }

  private void writeTrusted() throws IOException, GeneralSecurityException {
    Certificate certificate = load(keys).getCertificate("test");
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry("test", certificate);
    try (var out = Files.newOutputStream(trusted)) {
      store.store(out, password.toCharArray());
    }
  }
}
