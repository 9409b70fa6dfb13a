package io.hdl.data.feature;

import io.hdl.data.feed.Chunks;
import java.util.ArrayList;
import java.util.List;

/**
 * The training part of series: of each the steps before its part's end and no other, so that no fit
 * can see what comes after.
 */
final class SeriesFrames implements TrainingFrames {
  /** What the names of threads begin with that work on series. */
  static final String THREADS = "hdl-features";

  /** Series that a thread works on at a time. */
  static final int CHUNK = 256;

  private final SeriesData data;
  private final int[] trainEnds;
  private final int threads;
  private final Runnable beforeChunk;

  SeriesFrames(SeriesData data, int[] trainEnds, int threads, Runnable beforeChunk) {
    this.data = data;
    this.trainEnds = trainEnds;
    this.threads = threads;
    this.beforeChunk = beforeChunk;
  }

  /** How series are shared out; the same for any number of threads. */
  static Chunks chunks(int series) {
    return Chunks.of(series, CHUNK);
  }

  @Override
  public void read(List<Fitting> fittings, int pass) {
    Chunks chunks = chunks(trainEnds.length);
    int workers = chunks.threads(threads);
    // By fit: of ordered ones a part for each chunk, of others one for each thread.
    List<Gatherer.Part[]> parts = new ArrayList<>();
    for (Fitting fitting : fittings) {
      Gatherer.Part[] own =
          new Gatherer.Part[fitting.gatherer().ordered() ? chunks.count() : workers];
      for (int i = 0; i < own.length; i++) {
        own[i] = fitting.gatherer().part(pass);
      }
      parts.add(own);
    }
    chunks.run(
        THREADS,
        threads,
        thread -> {
          List<Frame> frames = fittings.stream().map(f -> new Frame(f.schema())).toList();
          return (chunk, from, end) -> {
            beforeChunk.run();
            for (int i = 0; i < frames.size(); i++) {
              Fitting fitting = fittings.get(i);
              int part = fitting.gatherer().ordered() ? chunk : thread;
              for (int s = from; s < end; s++) {
                if (trainEnds[s] > 0) {
                  frames.get(i).begin(data, s, trainEnds[s], trainEnds[s]);
                  fitting.read(frames.get(i), parts.get(i)[part]);
                }
              }
            }
          };
        });
    for (int i = 0; i < fittings.size(); i++) {
      fittings.get(i).gatherer().end(pass, List.of(parts.get(i)));
    }
  }
}
