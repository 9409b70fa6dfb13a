package io.hdl.core.evaluation;

import java.util.List;

/**
 * Whether a model is fit for registration, and why.
 *
 * @param verdict the outcome
 * @param reasons what led to it, one sentence each
 */
public record GateDecision(Verdict verdict, List<String> reasons) {
  /** The outcomes of a quality gate. */
  public enum Verdict {
    /** Beats every baseline it was held against. */
    PASSED,
    /** Fails against at least one baseline. */
    FAILED,
    /** There was nothing to hold it against. */
    NOT_JUDGED
  }

  /** Copies the reasons. */
  public GateDecision {
    reasons = List.copyOf(reasons);
  }

  /** A decision that was not taken, with the reason. */
  public static GateDecision notJudged(String reason) {
    return new GateDecision(Verdict.NOT_JUDGED, List.of(reason));
  }
}
