package io.hdl.tracking.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ItemRulesTest {
  private final List<String> warnings = new ArrayList<>();
  private final ItemRules rules = new ItemRules(warnings::add);

  @ParameterizedTest
  @CsvSource({
    "loss, loss",
    "a/b.c-d_e f, a/b.c-d_e f",
    "größe, größe",
    "单位9, 单位9",
    "a:b, a_b",
    "x[0], x_0_",
    "a//b, a/_/b",
    "/a, _/a",
    "a/, a/_",
    "./a, _/a",
    "a/../b, a/_/b",
    "🚀, _",
    ".., _"
  })
  void bringsKeysIntoForm(String key, String kept) {
    assertThat(apply(new Item.Tag(key, "v"))).containsExactly(new Item.Tag(kept, "v"));
    assertThat(warnings).hasSize(key.equals(kept) ? 0 : 1);
  }

  @Test
  void warnsOncePerKey() {
    for (int step = 0; step < 5; step++) {
      apply(new Item.Metric("a:b", 1, 0, step));
      apply(new Item.Tag("t", "x".repeat(9000)));
    }
    assertThat(warnings)
        .containsExactly(
            "The metric \"a:b\" is kept in MLflow as \"a_b\" (allowed: letters, digits, _ - . / and blanks, at most 250 characters).",
            "The value of tag \"t\" has 9000 characters; MLflow keeps the first 8000. Log it as an artifact to keep all of it.");
  }

  @Test
  void keepsLongKeysApart() {
    String common = "k".repeat(400);
    List<Item> kept = apply(new Item.Param(common + "1", ""), new Item.Param(common + "2", ""));
    assertThat(kept).hasSize(2).doesNotHaveDuplicates();
    assertThat(kept).allMatch(item -> item instanceof Item.Param p && p.key().length() == 250);
  }

  @Test
  void neverCutsACharacterInHalf() {
    assertThat(ItemRules.shorten("ab😀", 3)).isEqualTo("ab");
    assertThat(ItemRules.shorten("ab😀", 4)).isEqualTo("ab😀");
  }

  @Test
  void leavesOutWhatHasNoName() {
    assertThat(apply(new Item.Param(" ", "v"), new Item.Param("", "v"))).isEmpty();
    assertThat(warnings).hasSize(2);
  }

  private List<Item> apply(Item... items) {
    return Arrays.stream(items).map(rules::fit).filter(Objects::nonNull).toList();
  }
}
