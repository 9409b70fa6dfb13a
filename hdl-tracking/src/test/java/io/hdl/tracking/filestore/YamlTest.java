package io.hdl.tracking.filestore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class YamlTest {
  @Test
  void writesWhatMetaFilesNeed() {
    Map<String, Object> meta = new LinkedHashMap<>();
    meta.put("name", "x");
    meta.put("end_time", Optional.empty());
    meta.put("status", 3);
    meta.put("start_time", 1_700_000_000_000L);
    meta.put("tags", List.of());
    meta.put("nested", Map.of("mlflow.data.context", "training"));
    meta.put("null", "n");

    assertThat(Yaml.write(meta))
        .isEqualTo(
            """
            name: "x"
            end_time: null
            status: 3
            start_time: 1700000000000
            tags: []
            nested:
              mlflow.data.context: "training"
            "null": "n"
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "true",
        "123",
        "1e3",
        "2024-02-29",
        "- a",
        "a: b",
        "# no comment",
        "'single'",
        "\"double\"",
        "back\\slash \\n \\",
        "tab\tnew\nline\r\n",
        "trailing ",
        "ünïcode 单位 🚀",
        "\u0000\u0007\u001b\u007f\u0085\u00a0\u2028\u2029\ufeff",
        "{a: [b, c]} & * ! | > % @ `"
      })
  void readsBackWhatItWrote(String text) {
    String yaml = Yaml.write(Map.of("name", text));
    assertThat(yaml.trim().lines()).hasSize(1);
    assertThat(Yaml.read(yaml, "test")).containsExactly(Map.entry("name", text));
  }

  @Test
  void readsBackRandomTexts() {
    for (long seed = 0; seed < 500; seed++) {
      Random random = new Random(seed);
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(40); i > 0; i--) {
        int c = random.nextInt(random.nextBoolean() ? 0x80 : 0x1_10000);
        text.appendCodePoint(c >= 0xD800 && c <= 0xDFFF ? 'x' : c);
      }
      assertThat(Yaml.read(Yaml.write(Map.of("name", text.toString())), "test"))
          .as("seed " + seed)
          .containsEntry("name", text.toString());
    }
  }

  @Test
  void replacesHalfASurrogatePair() {
    assertThat(Yaml.quote("a\uD83Db")).isEqualTo("\"a\uFFFDb\"");
  }

  @Test
  void readsWhatPythonWrote() {
    String yaml =
        """
        artifact_location: file:///data/mlruns/475591144061685272
        creation_time: 1795297454006
        experiment_id: '475591144061685272'
        lifecycle_stage: active
        name: "dem: é \\U0001F600 forecast long words long words long words long words long
          words long words "
        other: 'it''s a text that is folded
          once

          and broken once'
        plain: a text without quotes that
          goes on
        tags: []
        list:
        - a
        nested:
          key: value
        trace_location: null
        """;

    assertThat(Yaml.read(yaml, "test"))
        .containsEntry("artifact_location", "file:///data/mlruns/475591144061685272")
        .containsEntry("creation_time", "1795297454006")
        .containsEntry("experiment_id", "475591144061685272")
        .containsEntry(
            "name",
            "dem: é 😀 forecast long words long words long words long words long words long words ")
        .containsEntry("other", "it's a text that is folded once\nand broken once")
        .containsEntry("plain", "a text without quotes that goes on")
        .containsEntry("trace_location", "null")
        .doesNotContainKey("key");
  }

  @ParameterizedTest
  @ValueSource(strings = {"no mapping", "name: \"open", "name: 'open", "name: \"\\u12\""})
  void namesTheFileThatIsNoYaml(String yaml) {
    assertThatThrownBy(() -> Yaml.read(yaml, "/runs/meta.yaml"))
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.CORRUPT_DATA))
        .hasMessageContaining("/runs/meta.yaml")
        .hasMessageContaining("Restore the file");
  }
}
