package io.hdl.data.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MirrorNamesTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "abfss://c@acct.dfs.core.windows.net/t/p.parquet | acct/c/t | 7~p.parquet",
        "abfs://c@ACCT.dfs.core.windows.net/t/p.parquet | acct/c/t | 7~p.parquet",
        "abfss://c@acct.blob.core.windows.net/p | acct/c | 7~p",
        "abfss://c@acct.dfs.example.org/p | acct.dfs.example.org/c | 7~p",
        "abfss://$web@acct.dfs.core.windows.net/p | acct/$web | 7~p",
        "s3a://bucket/t/p | s3a+bucket/t | 7~p",
        "hdfs://node:8020/t/p | hdfs+node%3A8020/t | 7~p",
        "abfss://c@a.dfs.core.windows.net/d=2024-01-01%2000%253A00/p | a/c/d=2024-01-01 00%253A00 |"
            + " 7~p",
        "abfss://c@a.dfs.core.windows.net/%C3%A4/%C3%B6 | a/c/%C3%A4 | 7~%C3%B6",
        "abfss://c@a.dfs.core.windows.net/t//p | a/c/t/% | 7~p",
        "abfss://c@a.dfs.core.windows.net/.hdl/p | a/c/%2Ehdl | 7~p",
        "abfss://c@a.dfs.core.windows.net/t/../p | a/c/t/%2E. | 7~p",
        "abfss://c@a.dfs.core.windows.net/8~x/7~p | a/c/8%7Ex | 7~7%7Ep",
      })
  void mirrorsAnAddress(String uri, String folder, String name) {
    assertThat(MirrorNames.parent(URI.create(uri))).isEqualTo(folder);
    assertThat(MirrorNames.file(URI.create(uri), 7)).isEqualTo(name);
  }

  @Test
  void cutsNamesThatAreTooLongForFileSystems() {
    String name = "a".repeat(1000);
    String one = MirrorNames.file(URI.create("abfss://c@a.dfs.core.windows.net/" + name + "b"), 7);
    String two = MirrorNames.file(URI.create("abfss://c@a.dfs.core.windows.net/" + name + "c"), 7);
    assertThat(one).startsWith("7~aaaa").hasSizeLessThan(200).isNotEqualTo(two);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesNoTwoObjectsOnePlace(long seed) throws URISyntaxException {
    SplittableRandom random = new SplittableRandom(seed);
    String alphabet = "a~%.:1/ 2h\u00e4";
    Map<String, String> places = new HashMap<>();
    for (int i = 0; i < 20_000; i++) {
      StringBuilder path = new StringBuilder("/");
      for (int length = 1 + random.nextInt(6); length > 0; length--) {
        path.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      long size = random.nextInt(3);
      if (path.charAt(path.length() - 1) == '/') {
        continue;
      }
      URI uri = new URI("abfss", "c@a.dfs.core.windows.net", path.toString(), null, null);
      String object = uri.getPath() + " of " + size;
      String place = MirrorNames.parent(uri) + "/" + MirrorNames.file(uri, size);
      assertThat(places.put(place, object)).as("seed %s, %s", seed, place).isIn(null, object);
      String folder = MirrorNames.folder(uri);
      assertThat(places.put(folder, "folder " + uri.getPath()))
          .as("seed %s, %s", seed, folder)
          .isIn(null, "folder " + uri.getPath());
    }
  }

  @Test
  void namesWhatLiesBelowAFolder() {
    URI table = URI.create("abfss://c@a.dfs.core.windows.net/t/");
    assertThat(MirrorNames.below(table, table.resolve("_delta_log/_sidecars/1.parquet")))
        .isEqualTo(List.of("_delta_log", "_sidecars", "1.parquet"));
    for (String other :
        List.of(
            "abfss://c@a.dfs.core.windows.net/u/p",
            "abfss://d@a.dfs.core.windows.net/t/p",
            "abfss://c@a.dfs.core.windows.net/t/../p")) {
      assertThatThrownBy(() -> MirrorNames.below(table, URI.create(other)))
          .hasMessage("file: " + other + " (expected: a file below " + table + ")");
    }
  }

  @Test
  void refusesAFolderAsAFile() {
    assertThatThrownBy(() -> MirrorNames.file(URI.create("abfss://c@a.dfs.core.windows.net/"), 1))
        .hasMessageContaining("expected: the address of a file");
  }
}
