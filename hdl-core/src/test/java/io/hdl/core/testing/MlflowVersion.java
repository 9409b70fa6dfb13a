package io.hdl.core.testing;

import com.google.common.collect.ImmutableList;
import java.util.List;
import java.util.stream.Stream;

/** The releases of MLflow that tests talk to: what holds for both holds for those between. */
public enum MlflowVersion {
  /** The release that the tests are written against. */
  CURRENT("3.14.0", ImmutableList.of()),

  /**
   * The oldest one: aliases are there, logged models are not. What it needs has moved on since, so
   * that some of it is held back.
   */
  OLDEST("2.9.2", ImmutableList.of("sqlalchemy<2.1", "setuptools<81"));

  private final String release;
  private final ImmutableList<String> constraints;

  MlflowVersion(String release, ImmutableList<String> constraints) {
    this.release = release;
    this.constraints = constraints;
  }

  /** The release's number. */
  public String release() {
    return release;
  }

  /** What pip is asked for. */
  List<String> requirements() {
    return Stream.concat(Stream.of("mlflow==" + release), constraints.stream()).toList();
  }
}
