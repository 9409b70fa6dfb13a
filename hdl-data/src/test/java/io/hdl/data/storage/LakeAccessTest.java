package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.identity.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LakeAccessTest {
  @Test
  void reachesAnEmulatorByTheEnvironment() {
    LakeAccess access =
        LakeAccess.from(
            Map.of(
                "HDL_ABFS_ENDPOINT",
                "http://127.0.0.1:10000/",
                "HDL_ABFS_ACCOUNT_KEY",
                "a2V5a2V5a2V5"));
    assertThat(access.endpoint()).contains(URI.create("http://127.0.0.1:10000"));
    assertThat(access.credential().description()).isEqualTo("the account's key");
    assertThat(access.toString()).doesNotContain("a2V5a2V5a2V5").contains("127.0.0.1:10000");
  }

  @Test
  void asksWithTheIdentityOfTheEnvironmentWithoutAKey() {
    assertThat(LakeAccess.from(Map.of()).credential())
        .isInstanceOf(LakeCredential.Tokens.class)
        .isEqualTo(LakeAccess.from(Map.of()).credential());
  }

  @Test
  void refusesAKeyWithoutAnEmulator() {
    assertThatThrownBy(() -> LakeAccess.from(Map.of("HDL_ABFS_ACCOUNT_KEY", "a2V5")))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.INVALID_SETTINGS))
        .hasMessageContaining("HDL_ABFS_ACCOUNT_KEY: set without HDL_ABFS_ENDPOINT")
        .hasMessageNotContaining("a2V5");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "127.0.0.1:10000",
        "localhost",
        "ftp://127.0.0.1",
        "http://127.0.0.1:10000/account",
        "http://user:word@127.0.0.1:10000",
        "http://127.0.0.1:10000?sig=1",
        "http:// 127",
      })
  void refusesWhatIsNoEndpoint(String endpoint) {
    assertThatThrownBy(() -> LakeAccess.from(Map.of("HDL_ABFS_ENDPOINT", endpoint)))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("HDL_ABFS_ENDPOINT: ")
        .hasMessageContaining("expected: scheme, host and port")
        .hasMessageNotContaining("word");
  }

  @Test
  void refusesPlainHttpToOtherMachines() {
    assertThatThrownBy(() -> LakeAccess.from(Map.of("HDL_ABFS_ENDPOINT", "http://10.0.0.8:80")))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("HDL_ABFS_ENDPOINT: http://10.0.0.8 (expected: https");
  }

  @Test
  void rejectsAnIdleTimeoutOfNothing() {
    assertThatThrownBy(() -> LakeAccess.from(Map.of()).idleTimeout(Duration.ZERO))
        .isInstanceOf(HdlException.class)
        .hasMessage("idleTimeout: PT0S (expected: 1 ms to 24 days)");
  }

  @Test
  void namesAKeyThatIsNone() {
    SharedKeySigner signer = new SharedKeySigner("a", () -> "no base64!", InstantSource.system());
    assertThatThrownBy(() -> signer.headers("GET", URI.create("http://127.0.0.1/a/c/x"), Map.of()))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("The key of the account a is no Base64 text")
        .hasMessageNotContaining("no base64!");
  }

  @Test
  void signsWhatTheServiceSigns() {
    SharedKeySigner signer = new SharedKeySigner("a", () -> "a2V5", InstantSource.system());
    String text =
        signer.text(
            "GET",
            URI.create("https://a.dfs.core.windows.net/c?resource=filesystem&directory=x%2Fy"),
            new TreeMap<>(Map.of("range", "bytes=0-9", "x-ms-version", "1", "x-ms-date", "now")));
    assertThat(text)
        .isEqualTo(
            "GET\n\n\n\n\n\n\n\n\n\n\nbytes=0-9\nx-ms-date:now\nx-ms-version:1\n"
                + "/a/c\ndirectory:x/y\nresource:filesystem");
  }

  @Test
  void readsTheDeeperOfTwoMounts(@TempDir Path folder) {
    String container = "abfss://curated@contoso.dfs.core.windows.net";
    StorageMounts mounts =
        StorageMounts.none()
            .map(container, folder)
            .map(container + "/retail/sales", folder.resolve("deep"));
    assertThat(mounts.path(LakeAddress.parse(container + "/retail/sales/a/b")))
        .contains(folder.resolve("deep/a/b"));
    assertThat(mounts.path(LakeAddress.parse(container + "/retail/sales2")))
        .contains(folder.resolve("retail/sales2"));
    assertThat(mounts.path(LakeAddress.parse(container.replace("abfss", "abfs")))).contains(folder);
    assertThat(mounts.path(LakeAddress.parse("abfss://raw@contoso.dfs.core.windows.net/x")))
        .isEmpty();
    assertThatThrownBy(() -> mounts.map(container + "/", folder))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("expected: mapped once");
    assertThatThrownBy(() -> mounts.map("abfss://raw@a.dfs.core.windows.net", Path.of("rel")))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("folder: rel")
        .hasMessageContaining("(expected: an absolute path)");
  }

  @Test
  void holdsTheKeyBack() {
    LakeAccess access =
        LakeAccess.from(Map.of()).emulator(URI.create("http://localhost:1"), Secret.of("k3y"));
    assertThat(access.toString()).doesNotContain("k3y");
  }
}
