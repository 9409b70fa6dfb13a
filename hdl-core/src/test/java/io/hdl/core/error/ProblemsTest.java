package io.hdl.core.error;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ProblemsTest {
  @Test
  void listsAllProblemsInOneException() {
    Problems problems = new Problems();
    problems.add("horizon: 0 (expected: >= 1)");
    problems.require(false, () -> "context: -1 (expected: >= 1)");
    problems.require(true, () -> "never");

    assertThat(problems.all()).hasSize(2);
    assertThatThrownBy(() -> problems.throwIfAny("The job \"x\""))
        .isInstanceOf(HdlException.class)
        .hasMessage(
            "The job \"x\" has 2 problems:"
                + System.lineSeparator()
                + "  - horizon: 0 (expected: >= 1)"
                + System.lineSeparator()
                + "  - context: -1 (expected: >= 1)");
  }

  @Test
  void staysSilentWithoutProblems() {
    assertThatCode(() -> new Problems().throwIfAny("The job")).doesNotThrowAnyException();
  }
}
