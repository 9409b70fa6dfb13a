package io.hdl.tracking.outbox;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/**
 * What is known about the runs of a log without its items: how they begin and end, and which steps
 * they have. Not thread-safe.
 */
final class LogContent {
  private static final byte STEPS = 30;

  private final Map<Integer, RunStart> starts = new TreeMap<>();
  private final Map<Integer, ReportedSteps> steps = new TreeMap<>();
  private final Map<Integer, Item.EndStatus> ends = new TreeMap<>();

  /** Adds an item of a run, or its beginning. */
  void add(int run, Object entry) {
    if (entry instanceof RunStart start) {
      starts.putIfAbsent(run, start);
      ends.remove(run); // it goes on
    } else if (entry instanceof Item.Metric metric) {
      steps(run).add(metric.key(), metric.step());
    } else if (entry instanceof Item.End end) {
      ends.put(run, end.status());
    }
  }

  /** How the runs begin, by their numbers. */
  Map<Integer, RunStart> starts() {
    return starts;
  }

  /** The steps of a run. */
  ReportedSteps steps(int run) {
    return steps.computeIfAbsent(run, any -> new ReportedSteps());
  }

  /** How the runs ended that did, by their numbers. */
  Map<Integer, Item.EndStatus> ends() {
    return ends;
  }

  /** All of it as bytes. */
  byte[] toBytes() {
    RecordBuffer out = new RecordBuffer(1 << 12);
    starts.forEach((run, start) -> EntryCodec.write(out, run, start));
    ends.forEach((run, status) -> EntryCodec.write(out, run, new Item.End(status, 0)));
    steps.forEach(
        (run, of) ->
            of.forEach(
                (key, set) -> {
                  out.begin(run).text(key);
                  for (long number : set.toNumbers()) {
                    out.number(number);
                  }
                  out.end(STEPS);
                }));
    byte[] bytes = new byte[out.size()];
    out.toWrite().get(bytes);
    return bytes;
  }

  /** Adds what a file holds that {@link #toBytes} gave; nothing if there is none. */
  void addFile(Path file) throws IOException {
    if (!Files.exists(file)) {
      return;
    }
    byte[] content = Files.readAllBytes(file);
    ByteBuffer bytes = Frames.buffer(content.length).put(content).flip();
    int at = 0;
    while (at < bytes.limit()) {
      if (Frames.at(bytes, at) != Frames.Found.RECORD) {
        at++;
        continue;
      }
      int run = EntryCodec.run(bytes, at);
      if (Frames.kind(bytes, at) == STEPS) {
        RecordReader in = new RecordReader(bytes, at);
        int same = in.run();
        String key = in.text();
        steps(same).addAll(key, StepSet.ofNumbers(in.numbers()));
      } else {
        EntryCodec.read(bytes, at).ifPresent(entry -> add(run, entry));
      }
      at += Frames.size(bytes, at);
    }
  }
}
