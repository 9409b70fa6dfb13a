package io.hdl.core.environment;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.core.json.Json;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Which versions of libraries, drivers and GPUs work together: the resource {@code
 * compatibility.json}, each of whose rows names its source. Immutable.
 *
 * <pre>{@code
 * Compatibility found = CompatibilityMatrix.shipped().judge(Map.of(
 *     "cuda", List.of("12.8"), "cuda_driver", List.of("12.2")));
 * found.requireNoneBad();
 * }</pre>
 *
 * <p>An aspect, such as {@code driver}, is judged when all facts that it is about are there: by the
 * first of its rows whose every rule holds, else as unknown.
 */
public final class CompatibilityMatrix {
  private static final String RESOURCE = "compatibility.json";

  private record Row(
      Map<String, VersionRule> when, Compatibility.Verdict verdict, String change, String source) {
    boolean holds(Map<String, String> facts) {
      return when.entrySet().stream()
          .allMatch(rule -> rule.getValue().allows(facts.getOrDefault(rule.getKey(), "")));
    }
  }

  private record Aspect(String name, String about, List<String> facts, List<Row> rows) {}

  private record Document(String version, List<AspectDocument> aspects) {}

  private record AspectDocument(
      String name, String about, List<String> facts, List<RowDocument> rows) {}

  private record RowDocument(
      Map<String, String> when, String verdict, @Nullable String change, @Nullable String source) {}

  private final String version;
  private final List<Aspect> aspects;

  private CompatibilityMatrix(String version, List<Aspect> aspects) {
    this.version = version;
    this.aspects = List.copyOf(aspects);
  }

  /** The matrix that this release of hdl brings. */
  public static CompatibilityMatrix shipped() {
    try (InputStream in = CompatibilityMatrix.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new HdlException(
            ErrorCode.INTERNAL,
            "Cannot find " + RESOURCE + " beside its class. Repair the hdl-core jar.");
      }
      return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new HdlException(ErrorCode.INTERNAL, "Cannot read " + RESOURCE, e);
    }
  }

  /** The matrix of a text in the form of {@code compatibility.json}. */
  static CompatibilityMatrix parse(String json) {
    Document document = Json.read(json, Document.class, "the compatibility matrix");
    List<Aspect> aspects = new ArrayList<>();
    for (AspectDocument aspect : document.aspects()) {
      List<Row> rows = aspect.rows().stream().map(row -> row(aspect, row)).toList();
      aspects.add(new Aspect(aspect.name(), aspect.about(), List.copyOf(aspect.facts()), rows));
    }
    return new CompatibilityMatrix(document.version(), aspects);
  }

  private static Row row(AspectDocument aspect, RowDocument row) {
    Compatibility.Verdict verdict =
        Compatibility.Verdict.valueOf(row.verdict().toUpperCase(Locale.ROOT));
    String change = Objects.requireNonNullElse(row.change(), "");
    String source = Objects.requireNonNullElse(row.source(), "");
    boolean complete =
        !source.isBlank()
            && aspect.facts().containsAll(row.when().keySet())
            && (verdict == Compatibility.Verdict.BAD) == !change.isBlank();
    if (!complete) {
      throw new IllegalArgumentException(
          "row of "
              + aspect.name()
              + ": "
              + row
              + " (expected: rules for its facts, a source, and what to change if it is bad)");
    }
    Map<String, VersionRule> rules = new LinkedHashMap<>();
    row.when().forEach((fact, rule) -> rules.put(fact, new VersionRule(rule)));
    return new Row(rules, verdict, change, source);
  }

  /** Which matrix this is. */
  public String version() {
    return version;
  }

  /**
   * Judges a machine.
   *
   * @param facts by name: {@code djl}, {@code jni}, {@code libtorch}, {@code platform}, {@code
   *     cuda} (what libtorch was built for), {@code cuda_driver} (the newest that the driver
   *     serves), {@code compute_capability}, {@code nccl}; several values where there are several
   *     GPUs. Facts that are missing leave the aspects unjudged that need them.
   */
  public Compatibility judge(Map<String, List<String>> facts) {
    List<Compatibility.Finding> findings = new ArrayList<>();
    for (Aspect aspect : aspects) {
      for (Map<String, String> combination : combinations(aspect.facts(), facts)) {
        findings.add(judge(aspect, combination));
      }
    }
    return new Compatibility(version, findings);
  }

  private static Compatibility.Finding judge(Aspect aspect, Map<String, String> facts) {
    for (Row row : aspect.rows()) {
      if (row.holds(facts)) {
        return new Compatibility.Finding(
            aspect.name(), aspect.about(), facts, row.verdict(), row.change(), row.source());
      }
    }
    return new Compatibility.Finding(
        aspect.name(), aspect.about(), facts, Compatibility.Verdict.UNKNOWN, "", "");
  }

  /** All combinations of the values of some facts; none if a fact is missing. */
  private static List<Map<String, String>> combinations(
      List<String> names, Map<String, List<String>> facts) {
    List<Map<String, String>> combinations = List.of(Map.of());
    for (String name : names) {
      List<Map<String, String>> longer = new ArrayList<>();
      for (Map<String, String> begun : combinations) {
        for (String value : facts.getOrDefault(name, List.of()).stream().distinct().toList()) {
          Map<String, String> one = new LinkedHashMap<>(begun);
          one.put(name, value);
          longer.add(one);
        }
      }
      combinations = longer;
    }
    return combinations;
  }
}
