package io.hdl.core.testing;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.library.GeneralCodingRules;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/**
 * The rules that keep the house clean, one test each. A module holds itself to them in a few lines:
 *
 * <pre>{@code
 * class ArchitectureTest {
 *   @TestFactory
 *   Stream<DynamicTest> keepsTheHouseRules() {
 *     return HouseRules.tests();
 *   }
 * }
 * }</pre>
 *
 * The rules see the main classes of the module and of the modules below it, never test classes.
 */
public final class HouseRules {
  /** A rule and the sentence that tells it to people. */
  record Rule(String sentence, ArchRule rule) {}

  private static final Pattern TEST_JAR = Pattern.compile("-tests?\\.jar!?/");

  private final String root;

  private HouseRules(String root) {
    this.root = root;
  }

  /** One test for each rule, on the main classes of hdl that are on the class path. */
  public static Stream<DynamicTest> tests() {
    JavaClasses classes =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(HouseRules::isNoTestJar)
            .importPackages("io.hdl");
    if (classes.isEmpty()) {
      throw new IllegalStateException("No class of io.hdl on the class path: nothing to check");
    }
    return below("io.hdl").stream()
        .map(rule -> DynamicTest.dynamicTest(rule.sentence(), () -> rule.rule().check(classes)));
  }

  /** All rules, for a house that begins at a package: {@code root.core}, {@code root.data}, ... */
  static List<Rule> below(String root) {
    return new HouseRules(root).all();
  }

  private static boolean isNoTestJar(Location location) {
    return !location.matches(TEST_JAR) && !location.asURI().toString().contains("-tests.jar!");
  }

  private List<Rule> all() {
    List<Rule> rules = new ArrayList<>();
    rules.add(
        named(
            "Packages form no cycles",
            slices().matching(root + ".(**)").should().beFreeOfCycles().allowEmptyShould(true)));

    rules.add(arrow("core", "knows no other module", "data", "train", "tracking"));
    rules.add(arrow("data", "knows core alone", "train", "tracking"));
    rules.add(arrow("train", "knows core and data alone", "tracking"));
    rules.add(arrow("tracking", "knows core alone", "data", "train"));
    for (String module : List.of("core", "data", "train", "tracking")) {
      rules.add(arrow(module, "does not know samples and benchmarks", "samples", "benchmarks"));
    }

    rules.add(seam("Delta", "io.delta", "data.delta"));
    rules.add(seam("Hadoop", "org.apache.hadoop", "data.storage", "data.delta"));
    rules.add(seam("Parquet", "org.apache.parquet", "data.parquet", "data.delta"));
    rules.add(seam("Jackson", "com.fasterxml.jackson", "core.json"));
    rules.add(seam("JNA", "com.sun.jna", "core.environment", "train.parallel"));
    rules.add(seam("The Azure SDK", "com.azure", "core.identity", "data.storage"));
    rules.add(seam("MLflow", "org.mlflow", "tracking"));
    rules.add(seam("What MLflow shades", "org.mlflow_project", "tracking"));
    rules.add(seam("DJL", "ai.djl", "train"));

    rules.add(
        named(
            "Public signatures show java.*, hdl's own public types, in train DJL's, and in"
                + " tracking.client MLflow's messages",
            classes()
                .that()
                .resideInAnyPackage(library())
                .should(PublicSignatures.showOnlyPublicTypes(root))
                .allowEmptyShould(true)));
    rules.add(
        named(
            "Public methods take no boolean: an enum or a second method says what is meant",
            classes()
                .that()
                .resideInAnyPackage(library())
                .should(PublicSignatures.takeNoBoolean())
                .allowEmptyShould(true)));
    rules.add(
        named(
            "Optional is returned, and taken by records alone",
            classes()
                .that()
                .resideInAnyPackage(library())
                .should(PublicSignatures.takeNoOptional())
                .allowEmptyShould(true)));

    rules.add(
        named(
            "Nothing uses sun.misc.Unsafe or the JDK's internals",
            noClasses()
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("sun.misc.Unsafe")
                .orShould()
                .dependOnClassesThat()
                .resideInAnyPackage("jdk.internal..", "sun.nio..", "sun.security..")
                .allowEmptyShould(true)));
    rules.add(
        named(
            "Logging goes through slf4j alone",
            noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                    "java.util.logging..",
                    "org.apache.log4j..",
                    "org.apache.logging..",
                    "ch.qos.logback..")
                .allowEmptyShould(true)));
    rules.add(
        named(
            "Only progress writes to the standard streams",
            noClasses()
                .that()
                .resideInAnyPackage(library())
                .and()
                .resideOutsideOfPackage(root + ".core.progress..")
                .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
                .allowEmptyShould(true)));
    rules.add(
        named(
            "Every package is described and @NullMarked in its package-info",
            classes().should(PackageRules.lieInNullMarkedPackages()).allowEmptyShould(true)));
    rules.add(
        named(
            "Packages and classes name a concept, not util, common, helper, impl or manager",
            classes().should(PackageRules.beNamedAfterAConcept()).allowEmptyShould(true)));
    return rules;
  }

  private Rule arrow(String module, String sentence, String... forbidden) {
    String[] packages =
        Arrays.stream(forbidden).map(name -> root + "." + name + "..").toArray(String[]::new);
    return named(
        "Module " + module + " " + sentence,
        noClasses()
            .that()
            .resideInAPackage(root + "." + module + "..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage(packages)
            .allowEmptyShould(true));
  }

  private Rule seam(String what, String prefix, String... homes) {
    String[] packages =
        Stream.concat(Arrays.stream(homes), Stream.of("samples", "benchmarks"))
            .map(name -> root + "." + name + "..")
            .toArray(String[]::new);
    return named(
        what + " stays behind its seam: " + String.join(", ", homes),
        noClasses()
            .that()
            .resideOutsideOfPackages(packages)
            .should()
            .dependOnClassesThat()
            .resideInAPackage(prefix + "..")
            .allowEmptyShould(true));
  }

  /** What users call: samples and benchmarks are programs, no library. */
  private String[] library() {
    return Stream.of("core", "data", "train", "tracking")
        .map(name -> root + "." + name + "..")
        .toArray(String[]::new);
  }

  private static Rule named(String sentence, ArchRule rule) {
    return new Rule(sentence, rule.as(sentence));
  }
}
