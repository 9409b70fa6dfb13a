package io.hdl.core.json;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonBufferTest {
  @Test
  void writesObjectsArraysAndFields() {
    JsonBuffer json = new JsonBuffer(0);
    json.beginObject().text("run", "a").beginArray("none").endArray().beginArray("some");
    json.beginObject().number("n", 1).endObject().beginObject().number("n", -2.5).endObject();
    json.endArray().text("z", "").endObject();

    assertThat(text(json))
        .isEqualTo("{\"run\":\"a\",\"none\":[],\"some\":[{\"n\":1},{\"n\":-2.5}],\"z\":\"\"}");
  }

  @Test
  void escapesWhatCannotStandInAText() {
    for (String text :
        List.of("\"\\/\b\f\n\r\t\u0001\u001f\u007f", "größe ☃ 😀 \u2028\"ä\"", "", "<&'=>", "é")) {
      assertThat(read(new JsonBuffer(0).beginObject().text("x", text).endObject()))
          .containsEntry("x", text);
      assertThat(read(new JsonBuffer(0).beginObject().number(text, 1).endObject()))
          .containsOnlyKeys(text);
    }
  }

  @Test
  void replacesHalvesOfSurrogatePairs() {
    assertThat(read(new JsonBuffer(0).beginObject().text("x", "a\ud83dé\ude00\"").endObject()))
        .containsEntry("x", "a?é?\"");
  }

  @Test
  void writesNumbersAsStringsThatAreNotFinite() {
    JsonBuffer json = new JsonBuffer(0).beginObject().number("nan", Double.NaN);
    json.number("most", Double.POSITIVE_INFINITY).number("least", Double.NEGATIVE_INFINITY);

    assertThat(read(json.endObject()))
        .isEqualTo(Map.of("nan", "NaN", "most", "Infinity", "least", "-Infinity"));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void givesEveryNumberAgain(long seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      long whole = random.nextLong() >> random.nextInt(64);
      if (Double.isFinite(value)) {
        same(value);
      }
      same(random.nextFloat());
      same((double) whole);
      assertThat(text(new JsonBuffer(0).beginObject().number("x", whole).endObject()))
          .isEqualTo("{\"x\":" + whole + "}");
    }
    for (double value : new double[] {0, -0.0, 1, Double.MIN_VALUE, Double.MAX_VALUE, 1e7, 1e-3}) {
      same(value);
    }
  }

  private static void same(double value) {
    String text = text(new JsonBuffer(0).beginObject().number("x", value).endObject());
    assertThat(Double.parseDouble(text.substring(5, text.length() - 1))).isEqualTo(value);
    assertThat(text.length()).isLessThanOrEqualTo(6 + Double.toString(value).length());
  }

  private static Map<String, Object> read(JsonBuffer json) {
    return Json.readObject(text(json), "what was written");
  }

  private static String text(JsonBuffer json) {
    return StandardCharsets.UTF_8.decode(json.toBuffer()).toString();
  }
}
