package io.hdl.data.profile;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainTextTest {
  @ParameterizedTest
  // As Python writes them.
  @ValueSource(
      strings = {
        "0.0",
        "-0.0",
        "0.1",
        "1e+16",
        "123456789012345.0",
        "5e-324",
        "5.684341886080802e-14",
        "1e-05",
        "0.0001",
        "1e+22",
        "1e+23",
        "9007199254740992.0",
        "3.4028234663852886e+38",
        "1234567.0",
        "9999999999999998.0",
        "-2.5",
        "1.7976931348623157e+308",
        "2.2250738585072014e-308",
        "100.0",
        "0.002",
        "4.35",
        "1.1805916207174113e+21",
        "0.3333333333333333",
        "-1e-07"
      })
  void writesDoublesAsPythonDoes(String text) {
    assertThat(PlainText.of(Double.parseDouble(text))).isEqualTo(text);
  }

  @Test
  void readsBackAsTheSameDoubleAndIsNeverLongerThanJavasText() {
    Random random = new Random(7);
    for (int i = 0; i < 20_000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      String text = PlainText.of(value);
      if (Double.isFinite(value)) {
        assertThat(Double.parseDouble(text)).isEqualTo(value);
        assertThat(digits(text)).isLessThanOrEqualTo(digits(Double.toString(value)));
      }
    }
  }

  private static int digits(String text) {
    return text.replaceAll("[eE].*", "").replaceAll("[-.]", "").replaceAll("^0+|0+$", "").length();
  }

  @Test
  void writesDaysAndTimesBeforeTheEpoch() {
    assertThat(PlainText.date(-719_162)).isEqualTo("0001-01-01");
    assertThat(PlainText.timestamp(-1)).isEqualTo("1969-12-31T23:59:59.999999Z");
    assertThat(PlainText.timestampWithoutZone(1_500_000)).isEqualTo("1970-01-01T00:00:01.5");
  }
}
