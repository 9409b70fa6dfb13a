package io.hdl.data.feature;

import java.util.ArrayList;
import java.util.List;

/**
 * The training part of series: of each the steps before its part's end and no other, so that no fit
 * can see what comes after.
 */
final class SeriesFrames implements TrainingFrames {
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

  @Override
  public void read(List<Fitting> fittings, int pass) {
    int chunks = SeriesChunks.count(trainEnds.length);
    int workers = SeriesChunks.threads(trainEnds.length, threads);
    // By fit: of ordered ones a part for each chunk, of others one for each thread.
    List<Gatherer.Part[]> parts = new ArrayList<>();
    for (Fitting fitting : fittings) {
      Gatherer.Part[] own = new Gatherer.Part[fitting.gatherer().ordered() ? chunks : workers];
      for (int i = 0; i < own.length; i++) {
        own[i] = fitting.gatherer().part(pass);
      }
      parts.add(own);
    }
    SeriesChunks.run(
        trainEnds.length,
        threads,
        beforeChunk,
        thread -> {
          List<Frame> frames = fittings.stream().map(f -> new Frame(f.schema())).toList();
          return (chunk, from, end) -> {
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
