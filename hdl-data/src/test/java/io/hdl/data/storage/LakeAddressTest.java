package io.hdl.data.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import java.net.URI;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeAddressTest {
  @Test
  void takesAnAddressApart() {
    LakeAddress address =
        LakeAddress.parse("ABFSS://curated@Contoso.dfs.core.windows.net/retail//sales/");
    assertThat(address)
        .isEqualTo(
            new LakeAddress(
                "abfss", "contoso", "curated", "retail/sales", "contoso.dfs.core.windows.net"));
    assertThat(address).hasToString("abfss://curated@contoso.dfs.core.windows.net/retail/sales");
    assertThat(LakeAddress.parse("abfs://c@a.dfs.core.chinacloudapi.cn").path()).isEmpty();
  }

  @Test
  void takesAnAddressOfAnotherHadoopFileSystemApart() {
    assertThat(LakeAddress.parse("s3a://bucket/a/b"))
        .isEqualTo(new LakeAddress("s3a", "s3a", "bucket", "a/b", ""));
    assertThat(LakeAddress.parse("hdfs://name:8020/a").uri())
        .isEqualTo(URI.create("hdfs://name:8020/a"));
  }

  @Test
  void decodesAndEncodesPaths() {
    LakeAddress address =
        LakeAddress.parse("abfss://c@a.dfs.core.windows.net/a%20b/%C3%A4+%25/k=1");
    assertThat(address.path()).isEqualTo("a b/ä+%/k=1");
    assertThat(address.uri())
        .isEqualTo(URI.create("abfss://c@a.dfs.core.windows.net/a%20b/%C3%A4%2B%25/k=1"));
    assertThat(LakeAddress.of(address.uri())).isEqualTo(address);
    assertThat(address.resolve("_delta_log/x y").path()).isEqualTo("a b/ä+%/k=1/_delta_log/x y");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "curated/retail | it has no scheme or no //",
        "abfss:/c@a.dfs.core.windows.net/x | it has no scheme or no //",
        "abfss://contoso.dfs.core.windows.net/x | it names no container: there is no @",
        "abfss://@a.dfs.core.windows.net/x | \"\" is no name of a container",
        "abfss://a/b@a.dfs.core.windows.net/x | it names no container: there is no @",
        "abfss://c@/x | it names no account",
        "abfss://c@contoso/x | is no full host name, such as contoso.dfs.core.windows.net",
        "abfss://c@a.blob.core.windows.net/x | it names the Blob endpoint; put .dfs. for .blob.",
        "abfs://c@a.dfs.core.windows.net:10000/x | is set by HDL_ABFS_ENDPOINT",
        "abfss://c@a.dfs.core.windows.net/a b | is not percent-encoded (a blank is %20)",
        "abfss://c@a.dfs.core.windows.net/50% | is not percent-encoded",
        "wasbs://c@a.blob.core.windows.net/x | the older Blob driver; use abfss:",
        "https://a.dfs.core.windows.net/c/x | is the REST interface; use abfss:",
        "s3://bucket/x | use s3a:",
        "s3a:///x | it names no bucket",
        "abfss://c@a.dfs.core.windows.net/x/../y | names without \".\", \"..\"",
      })
  void saysWhatIsWrongWithAnAddress(String address, String why) {
    assertThatThrownBy(() -> LakeAddress.parse(address))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith(why.startsWith("names without") ? "path: " : "address: \"")
        .hasMessageContaining(why);
  }

  @Test
  void neverRepeatsTheSecretOfAQuery() {
    assertThatThrownBy(() -> LakeAddress.parse("abfss://c@a.dfs.core.windows.net/x?sig=topsecret"))
        .isInstanceOf(HdlException.class)
        .hasMessageContaining("a SAS is no part of an address")
        .hasMessageNotContaining("topsecret");
  }

  @Test
  void rejectsNamesThatLeaveTheFolder() {
    LakeAddress folder = LakeAddress.parse("abfss://c@a.dfs.core.windows.net/t");
    assertThatThrownBy(() -> folder.resolve("../other")).isInstanceOf(HdlException.class);
    assertThatThrownBy(() -> folder.resolve("")).isInstanceOf(HdlException.class);
  }
}
