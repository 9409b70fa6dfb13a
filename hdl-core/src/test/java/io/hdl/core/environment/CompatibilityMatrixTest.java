package io.hdl.core.environment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.hdl.core.environment.Compatibility.Verdict;
import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CompatibilityMatrixTest {
  private static final CompatibilityMatrix MATRIX = CompatibilityMatrix.shipped();

  private static Map<String, List<String>> bridge(String djl, String jni, String libtorch) {
    return Map.of("djl", List.of(djl), "jni", List.of(jni), "libtorch", List.of(libtorch));
  }

  private static Verdict verdict(Map<String, List<String>> facts) {
    Compatibility found = MATRIX.judge(facts);
    assertThat(found.findings()).hasSize(1);
    return found.findings().get(0).verdict();
  }

  @ParameterizedTest
  @CsvSource({
    "0.35.1, 2.7.1-0.35.1, 2.7.1, GOOD",
    "0.36.0, 2.7.1-0.35.1, 2.7.1, BAD",
    "0.36.0, 2.7.1-0.36.0, 2.7.1, UNKNOWN",
    "0.35.1, 1.12.1-0.35.1, 1.12.1, BAD",
    "0.35.1, 2.5.1-0.35.1, 2.5.1, UNKNOWN"
  })
  void knowsWhichBridgeFitsWhichDjl(String djl, String jni, String libtorch, Verdict expected) {
    assertThat(verdict(bridge(djl, jni, libtorch))).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "12.8, 11.8, BAD",
    "12.8, 12.0, GOOD",
    "12.8, 12.8, GOOD",
    "12.8, 13.0, GOOD",
    "13.0, 12.9, BAD",
    "11.8, 10.2, BAD",
    "11.8, 11.0, GOOD",
    "14.0, 14.0, UNKNOWN"
  })
  void knowsWhichDriverServesWhichCuda(String cuda, String driver, Verdict expected) {
    Map<String, List<String>> facts = Map.of("cuda", List.of(cuda), "cuda_driver", List.of(driver));
    assertThat(verdict(facts)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({
    "12.8, 7.0, BAD",
    "12.8, 7.5, GOOD",
    "12.8, 8.9, GOOD",
    "12.8, 9.0, GOOD",
    "12.8, 10.0, GOOD",
    "12.8, 10.3, UNKNOWN",
    "12.8, 11.0, UNKNOWN",
    "12.6, 7.0, GOOD",
    "12.6, 10.0, BAD",
    "12.4, 8.0, UNKNOWN"
  })
  void knowsWhichGpusLibtorchHasKernelsFor(String cuda, String capability, Verdict expected) {
    Compatibility found =
        MATRIX.judge(
            Map.of(
                "libtorch", List.of("2.7.1"),
                "cuda", List.of(cuda),
                "compute_capability", List.of(capability)));
    assertThat(found.findings())
        .singleElement()
        .satisfies(finding -> assertThat(finding.verdict()).isEqualTo(expected));
  }

  @Test
  void judgesEachKindOfGpuAndNoneTwice() {
    Compatibility found =
        MATRIX.judge(
            Map.of(
                "libtorch", List.of("2.7.1"),
                "cuda", List.of("12.8"),
                "compute_capability", List.of("8.0", "8.0", "7.0")));
    assertThat(found.findings())
        .extracting(Compatibility.Finding::verdict)
        .containsExactly(Verdict.GOOD, Verdict.BAD);
  }

  @Test
  void refusesWhatIsKnownNotToWorkWithWhatToChangeAndTheSource() {
    Compatibility found =
        MATRIX.judge(Map.of("cuda", List.of("12.8"), "cuda_driver", List.of("11.4")));
    assertThatThrownBy(found::requireNoneBad)
        .isInstanceOfSatisfying(
            HdlException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.ENVIRONMENT_MISMATCH))
        .hasMessage(
            "Cannot train on this machine: CUDA of libtorch and of the driver do not fit (cuda"
                + " 12.8, cuda_driver 11.4). Install driver 525 or newer (570 serves CUDA 12.8"
                + " whole), or NVIDIA's forward compatibility package. (Source: NVIDIA, CUDA"
                + " Compatibility, Minor Version Compatibility, table 1: CUDA 12.x needs 525.)");
  }

  @Test
  void recordsWhatNothingIsKnownOf() {
    Compatibility found = MATRIX.judge(bridge("0.40.0", "2.9.0-0.40.0", "2.9.0"));
    assertThatCode(found::requireNoneBad).doesNotThrowAnyException();
    assertThat(found.unknown())
        .containsExactly(
            "DJL, its bridge and libtorch (djl 0.40.0, jni 2.9.0-0.40.0, libtorch 2.9.0)");
    assertThat(found.facts())
        .containsEntry("matrix", MATRIX.version())
        .containsEntry("bridge", "unknown (djl 0.40.0, jni 2.9.0-0.40.0, libtorch 2.9.0)");
  }

  @Test
  void leavesUnjudgedWhatIsNotThere() {
    assertThat(MATRIX.judge(Map.of("cuda", List.of("12.8"))).findings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "'>=12.0,<13', 12.8, true",
    "'>=12.0,<13', 13.0, false",
    "<7.5, 7.5, false",
    "<7.5, 7.4.9, true",
    ">=2.10, 2.9, false",
    ">=2, 2.0.0, true",
    ">=2.7, 2.7.1-0.35.1, true",
    "<2, absent, false",
    "2.7.1, 2.7.1, true",
    "2.7.1, 2.7.1-0.35.1, false",
    "!2.7.1, 2.7.2, true",
    "!2.7.1, 2.7.1, false"
  })
  void comparesVersionsNumberByNumber(String rule, String version, boolean expected) {
    assertThat(new VersionRule(rule).allows(version)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "<", ">=x", "!", "1.0,"})
  void refusesARuleThatMeansNothing(String rule) {
    assertThatThrownBy(() -> new VersionRule(rule))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("rule: \"" + rule + "\"");
  }

  @Test
  void refusesARowWithoutASource() {
    String json =
        """
        {"version": "1", "aspects": [{"name": "a", "about": "b", "facts": ["x"], "rows": [
          {"when": {"x": "1"}, "verdict": "bad", "change": "do it", "source": ""}]}]}
        """;
    assertThatThrownBy(() -> CompatibilityMatrix.parse(json))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("row of a: ");
  }
}
