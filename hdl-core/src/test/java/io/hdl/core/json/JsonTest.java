package io.hdl.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class JsonTest {
  private record Sample(
      String text, Optional<String> more, Instant at, Duration took, List<Double> numbers) {}

  @Test
  void readsBackWhatItWrote() {
    Sample sample =
        new Sample(
            "größe \"x\" 😀",
            Optional.of("yes"),
            Instant.parse("2026-11-21T10:00:00.123456789Z"),
            Duration.ofMillis(1234),
            List.of(1.5, -0.0, Double.NaN, Double.POSITIVE_INFINITY));

    assertThat(Json.read(Json.write(sample), Sample.class, "sample")).isEqualTo(sample);
    assertThat(Json.read(Json.writePretty(sample), Sample.class, "sample")).isEqualTo(sample);
  }

  @Test
  void ignoresFieldsOfANewerWriter() {
    assertThat(
            Json.read(
                    "{\"text\":\"a\",\"fromTheFuture\":1,\"more\":null,\"numbers\":[]}",
                    Sample.class,
                    "x")
                .text())
        .isEqualTo("a");
  }

  @Test
  void readsAnObjectAsMaps() {
    assertThat(Json.readObject("{\"a\":{\"b\":[1,2.5,\"c\",true]}}", "x"))
        .isEqualTo(Map.of("a", Map.of("b", List.of(1, 2.5, "c", true))));
  }

  @Test
  void saysWhatCannotBeRead() {
    assertThatThrownBy(() -> Json.readObject("{\"a\":", "manifest.json"))
        .isInstanceOf(HdlException.class)
        .hasMessageStartingWith("Cannot read manifest.json as JSON: ");
  }
}
