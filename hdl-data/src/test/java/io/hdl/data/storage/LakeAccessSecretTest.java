package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class LakeAccessSecretTest {
  @Test
  void takesTheEmulatorsKeyByReference() {
    LakeAccess access =
        LakeAccess.from(
            Map.of(
                LakeAccess.ENDPOINT,
                "http://127.0.0.1:10000",
                LakeAccess.ACCOUNT_KEY,
                "secret://lake-key",
                "HDL_SECRET_LAKE_KEY",
                "a2V5LW9mLXRoZS1lbXVsYXRvcg=="));

    assertThat(((LakeCredential.AccountKey) access.credential()).reveal())
        .isEqualTo("a2V5LW9mLXRoZS1lbXVsYXRvcg==");
    assertThat(access.toString()).doesNotContain("a2V5");
  }
}
