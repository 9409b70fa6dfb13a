package io.hdl.core.environment;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What the compatibility matrix says of a machine and its libraries. Immutable.
 *
 * @param matrixVersion which matrix it was
 * @param findings one for each aspect that the facts were enough to judge
 */
public record Compatibility(String matrixVersion, List<Finding> findings) {
  /** What is known of a combination. */
  public enum Verdict {
    /** It works by its makers' word or by hdl's tests. */
    GOOD,
    /** It does not work. */
    BAD,
    /** No row of the matrix speaks of it. */
    UNKNOWN
  }

  /**
   * The verdict on one aspect.
   *
   * @param aspect its short name, such as {@code driver}
   * @param about what it is about, for people
   * @param facts what was found, by name
   * @param verdict what is known of it
   * @param change what to change if it is bad, else empty
   * @param source where the verdict comes from; empty if nothing is known
   */
  public record Finding(
      String aspect,
      String about,
      Map<String, String> facts,
      Verdict verdict,
      String change,
      String source) {
    private String words() {
      return facts.entrySet().stream()
          .map(fact -> fact.getKey() + " " + fact.getValue())
          .collect(Collectors.joining(", "));
    }
  }

  /** Copies the findings. */
  public Compatibility {
    findings = List.copyOf(findings);
  }

  /**
   * Refuses what is known not to work.
   *
   * @throws HdlException with {@link ErrorCode#ENVIRONMENT_MISMATCH} that tells what was found,
   *     what to change, and the source
   */
  public void requireNoneBad() {
    String bad =
        findings.stream()
            .filter(finding -> finding.verdict() == Verdict.BAD)
            .map(
                finding ->
                    finding.about()
                        + " do not fit ("
                        + finding.words()
                        + "). "
                        + finding.change()
                        + " (Source: "
                        + finding.source()
                        + ".)")
            .collect(Collectors.joining(" "));
    if (!bad.isEmpty()) {
      throw new HdlException(
          ErrorCode.ENVIRONMENT_MISMATCH, "Cannot train on this machine: " + bad);
    }
  }

  /** The combinations of which nothing is known, for a notice. */
  public List<String> unknown() {
    return findings.stream()
        .filter(finding -> finding.verdict() == Verdict.UNKNOWN)
        .map(finding -> finding.about() + " (" + finding.words() + ")")
        .toList();
  }

  /** The verdicts by aspect, for a run's provenance: {@code good}, {@code bad}, {@code unknown}. */
  public Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("matrix", matrixVersion);
    for (Finding finding : findings) {
      String verdict = finding.verdict().name().toLowerCase(Locale.ROOT);
      facts.merge(
          finding.aspect(),
          verdict + " (" + finding.words() + ")",
          (first, second) -> first + "; " + second);
    }
    return facts;
  }
}
