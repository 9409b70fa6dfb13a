package io.hdl.data.series;

import static org.assertj.core.api.Assertions.assertThat;

import io.hdl.core.error.Problems;
import org.junit.jupiter.api.Test;

class SeriesSpecTest {
  @Test
  void collectsRolesInOrder() {
    SeriesSpec spec =
        SeriesSpec.keyedBy("store", "dept")
            .orderedBy("date", Frequency.WEEKLY)
            .target("sales")
            .known("holiday")
            .known("promo")
            .past("fuel")
            .constant("type", "store")
            .gaps(Gaps.ZERO)
            .keep(SeriesFilter.COMPLETE);
    assertThat(spec.columns())
        .containsExactly(
            "store", "dept", "date", "sales", "holiday", "promo", "fuel", "type", "store");
    assertThat(spec.settings())
        .containsEntry("series.key", "store,dept")
        .containsEntry("series.known", "holiday,promo")
        .containsEntry("series.gaps", "ZERO")
        .containsEntry("series.keep", "COMPLETE");
    Problems problems = new Problems();
    spec.check(problems);
    assertThat(problems.isEmpty()).isTrue();
  }

  @Test
  void findsEveryProblemAtOnce() {
    Problems problems = new Problems();
    SeriesSpec.keyedBy()
        .orderedBy("t", Frequency.DAILY)
        .target("y")
        .known("t", " ")
        .check(problems);
    assertThat(problems.all())
        .containsExactly(
            "series keys: [] (expected: at least one key column)",
            "series column: \"t\" has two roles (expected: one role each)",
            "series column: \" \" (expected: not blank)");
  }
}
