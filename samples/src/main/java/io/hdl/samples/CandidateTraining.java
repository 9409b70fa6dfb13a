package io.hdl.samples;

import io.hdl.core.HybridJob;
import io.hdl.core.JobResult;
import io.hdl.core.job.Artifact;
import io.hdl.core.job.DataSource;
import io.hdl.core.job.Tracker;
import io.hdl.core.progress.ProgressBar;
import io.hdl.data.series.SeriesStore;
import io.hdl.tracking.Mlflow;
import io.hdl.train.ForecastTraining;
import io.hdl.train.Forecaster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Trains members of candidates, each as a job of its own. */
final class CandidateTraining {
  private final DataSource<SeriesStore> source;
  private final RunOptions run;
  private final Path home;
  private final MemberIndex index;
  private boolean jobFailed;

  CandidateTraining(DataSource<SeriesStore> source, RunOptions run, MemberIndex index) {
    this.source = source;
    this.index = index;
    this.run = run;
    this.home = run.homeDirectory();
  }

  /** Refuses wrong settings of a candidate, before anything is trained. */
  void check(Candidate candidate, UnaryOperator<ForecastTraining> change) {
    String name = jobName(candidate, "");
    job(name, training(candidate, change), candidate.seeds().get(0), new StageTimes()).close();
  }

  /**
   * Trains one member, or opens it if it was trained before; the caller closes it.
   *
   * @param change what is otherwise than the candidate says, such as the split
   */
  TrainedMember train(
      Candidate candidate, long seed, String suffix, UnaryOperator<ForecastTraining> change) {
    ForecastTraining training = training(candidate, change);
    String fingerprint = MemberIndex.fingerprint(source.settings(), training.settings(), seed);
    Optional<TrainedMember> known = index.open(fingerprint, candidate.name());
    if (known.isPresent()) {
      return known.get();
    }
    TrainedMember member = trained(candidate, training, seed, suffix);
    index.add(fingerprint, member);
    return member;
  }

  private static ForecastTraining training(
      Candidate candidate, UnaryOperator<ForecastTraining> change) {
    return change.apply(candidate.training().orElseThrow().training().withoutReport());
  }

  private String jobName(Candidate candidate, String suffix) {
    return (run.name == null ? "backtest" : run.name) + "-" + candidate.name() + suffix;
  }

  private HybridJob<Forecaster> job(
      String name, ForecastTraining training, long seed, StageTimes times) {
    return HybridJob.named(name)
        .data(source)
        .train(training)
        .track(run.track ? Mlflow.fromEnvironment() : Tracker.none())
        .seed(seed)
        .home(home)
        .listener(ProgressBar.onErrorStream())
        .listener(times)
        .build();
  }

  private TrainedMember trained(
      Candidate candidate, ForecastTraining training, long seed, String suffix) {
    StageTimes times = new StageTimes();
    try (HybridJob<Forecaster> job = job(jobName(candidate, suffix), training, seed, times)) {
      jobFailed = true;
      JobResult<Forecaster> result = job.run();
      jobFailed = false;
      Path folder =
          result.artifacts().stream()
              .filter(artifact -> artifact.kind() == Artifact.Kind.MODEL)
              .map(Artifact::file)
              .findFirst()
              .orElseThrow();
      Duration took = result.stages().getOrDefault("train", Duration.ZERO);
      return new TrainedMember(
          candidate.name(), seed, folder, times.bestEpoch(), took, result.model());
    }
  }

  /** Whether the last job failed, which its progress has told of. */
  boolean jobFailed() {
    return jobFailed;
  }
}
