package io.hdl.samples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class ColumnNamesTest {
  @Test
  void readsNamesBetweenCommas() {
    assertThat(ColumnNames.parse("a, b.c ,d e")).containsExactly("a", "b.c", "d e");
    assertThat(ColumnNames.parse("`a, b`,c")).containsExactly("a, b", "c");
    assertThat(ColumnNames.parse("` x `,`a``b`")).containsExactly(" x ", "a`b");
  }

  @Test
  void refusesWhatIsNoName() {
    assertThatThrownBy(() -> ColumnNames.parse("a,,b")).hasMessage("an empty name");
    assertThatThrownBy(() -> ColumnNames.parse("")).hasMessage("an empty name");
    assertThatThrownBy(() -> ColumnNames.parse("`a")).hasMessage("a back quote stays open");
  }
}
