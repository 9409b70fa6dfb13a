package io.hdl.tracking.client;

import io.hdl.core.error.HdlException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a server has.
 *
 * @param version its release, if it tells
 * @param loggedModels whether it keeps models beside runs, as MLflow 3 does; where it does not, a
 *     model is a folder among the artifacts of its run
 */
public record Capabilities(Optional<String> version, boolean loggedModels) {
  private static final int LONGEST_TAG = 8000;
  private static final int LONGEST_TAG_BEFORE_3 = 5000;

  /**
   * How many characters a tag's value may have; a longer one is refused by some releases, cut by
   * others. A server that does not tell its release is taken to be a new one.
   */
  public int longestTag() {
    return version.isPresent() && version.get().startsWith("2.")
        ? LONGEST_TAG_BEFORE_3
        : LONGEST_TAG;
  }

  /** Asks a server. */
  static Capabilities ask(Endpoints endpoints, Duration limit) {
    return new Capabilities(version(endpoints, limit), hasLoggedModels(endpoints, limit));
  }

  /** Platforms that speak MLflow's API have no such endpoint. */
  private static Optional<String> version(Endpoints endpoints, Duration limit) {
    Http http = endpoints.http();
    try {
      String text =
          http.text(Call.get("ask for the release", http.server().endpoint("/version")), limit)
              .strip();
      return text.matches("[0-9][0-9A-Za-z.+-]{0,40}") ? Optional.of(text) : Optional.empty();
    } catch (HdlException e) {
      if (e.retryable()) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** A server that knows the endpoint answers it, if only to refuse the question. */
  private static boolean hasLoggedModels(Endpoints endpoints, Duration limit) {
    try {
      Map<String, Object> unused =
          endpoints.sendJson(
              "POST",
              "ask for logged models",
              "logged-models/search",
              Map.of("experiment_ids", List.of("0"), "max_results", 1),
              limit);
      return true;
    } catch (ServerException e) {
      boolean unknown =
          e.status() == 405
              || e.status() == 501
              || (e.status() == 404 && !e.isAbsence())
              || e.mlflowCode().equals("ENDPOINT_NOT_FOUND");
      if (unknown) {
        return false;
      }
      if (e.refusesContent() || e.isAbsence()) {
        return true;
      }
      throw e;
    }
  }
}
