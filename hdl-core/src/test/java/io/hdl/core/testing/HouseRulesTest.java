package io.hdl.core.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.hdl.core.testing.HouseRules.Rule;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Shows on a small bad house that the rules can fail, and for the right reason. */
class HouseRulesTest {
  private static final String BAD = "io.hdl.core.testing.bad";

  private static final JavaClasses BAD_HOUSE = new ClassFileImporter().importPackages(BAD);

  private static final String UNSAFE = "Nothing uses sun.misc.Unsafe or the JDK's internals";

  /** Third parties that hdl-core's tests do not have on their class path. */
  private static final Set<String> NOT_SHOWN_TO_FAIL =
      Set.of(
          "Delta stays behind its seam: data.delta",
          "Hadoop stays behind its seam: data.storage, data.delta",
          "Parquet stays behind its seam: data.parquet, data.delta",
          "MLflow stays behind its seam: tracking",
          "What MLflow shades stays behind its seam: tracking",
          "DJL stays behind its seam: train");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Packages form no cycles                      | Cycle detected
          Module core knows no other module            | bad.data.series.Store
          Module data knows core alone                 | bad.tracking.Runs
          Module train knows core and data alone       | bad.tracking.Runs
          Module tracking knows core alone             | bad.train.model.Net
          Module train does not know samples           | bad.samples.Program
          Jackson stays behind                         | com.fasterxml.jackson.databind.JsonNode
          JNA stays behind                             | com.sun.jna.Pointer
          The Azure SDK stays behind                   | com.azure.core.credential.AccessToken
          Public signatures                            | names shows com.google.common.collect.ImmutableList
          Public signatures                            | Leaky.nodes(com.sun.jna.Pointer) shows com.fasterxml.jackson.databind.JsonNode
          Public signatures                            | Leaky.nodes(com.sun.jna.Pointer) shows com.sun.jna.Pointer
          Public signatures                            | Leaky.hidden() shows io.hdl.core.testing.bad.core.job.Hidden
          Public signatures                            | Leaky shows io.hdl.core.testing.bad.core.job.HiddenBase
          Public methods take no boolean               | Leaky.shuffle(boolean) takes a boolean
          Optional is returned                         | Leaky.limit(java.util.Optional) takes a Optional
          Logging goes through slf4j                   | java.util.logging.Logger
          Only progress writes to the standard streams | java.lang.System.out
          Every package is described                   | Package io.hdl.core.testing.bad.samples has no package-info.java
          Packages and classes name a concept          | bad.core.utils.StringUtils
          """)
  void findsWhatIsWrong(String sentence, String expected) {
    List<Rule> rules =
        HouseRules.below(BAD).stream().filter(r -> r.sentence().startsWith(sentence)).toList();
    assertThat(rules).hasSize(1);
    assertThatThrownBy(() -> rules.get(0).rule().check(BAD_HOUSE))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(rules.get(0).sentence())
        .hasMessageContaining(expected);
  }

  @Test
  void eachRuleFailsOnTheBadHouse() {
    Set<String> holding = new TreeSet<>();
    for (Rule rule : HouseRules.below(BAD)) {
      if (!rule.rule().evaluate(BAD_HOUSE).hasViolation()) {
        holding.add(rule.sentence());
      }
    }
    holding.removeAll(NOT_SHOWN_TO_FAIL);
    assertThat(holding)
        .containsExactlyInAnyOrder(
            "Module core does not know samples and benchmarks",
            "Module data does not know samples and benchmarks",
            "Module tracking does not know samples and benchmarks",
            UNSAFE);
  }

  @Test
  void findsUnsafeInALibraryThatUsesIt() {
    JavaClasses guava = new ClassFileImporter().importPackages("com.google.common.hash");
    Rule rule =
        HouseRules.below("io.hdl").stream()
            .filter(r -> r.sentence().equals(UNSAFE))
            .findFirst()
            .orElseThrow();
    assertThatThrownBy(() -> rule.rule().check(guava))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("sun.misc.Unsafe");
  }

  @Test
  void acceptsACleanHouse() {
    JavaClasses clean = new ClassFileImporter().importPackages("io.hdl.core.error");
    for (Rule rule : HouseRules.below("io.hdl")) {
      assertThatCode(() -> rule.rule().check(clean)).doesNotThrowAnyException();
    }
  }

  @Test
  void sentencesAreUnique() {
    assertThat(HouseRules.below("io.hdl").stream().map(Rule::sentence)).doesNotHaveDuplicates();
  }
}
