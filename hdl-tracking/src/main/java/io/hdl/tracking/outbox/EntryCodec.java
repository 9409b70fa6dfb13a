package io.hdl.tracking.outbox;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Entries as records of the log, and back. */
final class EntryCodec {
  static final byte START = 1;
  static final byte METRIC = 2;
  static final byte PARAM = 3;
  static final byte TAG = 4;
  static final byte INPUT = 5;
  static final byte UPLOAD = 6;
  static final byte MODEL = 7;
  static final byte END = 8;

  /** When the records behind it were written. */
  static final byte TIME = 9;

  private EntryCodec() {}

  /** Writes an {@link Item} or a {@link RunStart}. */
  static void write(RecordBuffer out, int run, Object entry) {
    out.begin(run);
    if (entry instanceof Item.Metric metric) {
      out.real(metric.value()).number(metric.timestamp()).number(metric.step());
      out.text(metric.key()).end(METRIC);
    } else if (entry instanceof Item.Param param) {
      out.text(param.key()).text(param.value()).end(PARAM);
    } else if (entry instanceof Item.Tag tag) {
      out.text(tag.key()).text(tag.value()).end(TAG);
    } else if (entry instanceof Item.Input input) {
      out.text(input.name()).text(input.digest()).text(input.sourceType()).text(input.source());
      out.text(input.profile()).texts(input.tags()).end(INPUT);
    } else if (entry instanceof Item.Upload upload) {
      out.text(upload.name()).text(upload.file().toString());
      print(out, upload.print());
      out.end(UPLOAD);
    } else if (entry instanceof Item.Model model) {
      out.text(model.name()).text(model.folder().toString());
      registration(out, model.registration());
      out.end(MODEL);
    } else if (entry instanceof Item.End end) {
      out.number(end.time()).text(end.status().name()).end(END);
    } else if (entry instanceof RunStart start) {
      out.text(start.key()).text(start.parentKey()).text(start.experiment()).text(start.name());
      out.text(start.user()).number(start.start()).end(START);
    } else {
      throw new IllegalArgumentException("entry: " + entry.getClass());
    }
  }

  /** Writes the time of what follows, milliseconds since 1970. */
  static void writeTime(RecordBuffer out, long time) {
    out.begin(0).number(time).end(TIME);
  }

  private static void print(RecordBuffer out, Optional<FilePrint> print) {
    out.number(print.isPresent() ? 1 : 0);
    print.ifPresent(p -> out.number(p.bytes()).number(p.modified()).text(p.sha256()));
  }

  private static void registration(RecordBuffer out, Optional<Item.Registration> registration) {
    out.number(registration.isPresent() ? 1 : 0);
    registration.ifPresent(r -> out.text(r.model()).texts(r.aliases()).texts(r.tags()));
  }

  /** The number of the run that a whole record belongs to. */
  static int run(ByteBuffer buffer, int start) {
    return buffer.getInt(start + Frames.HEADER);
  }

  /** The time of a whole record of kind {@link #TIME}. */
  static long time(ByteBuffer buffer, int start) {
    return buffer.getLong(start + Frames.HEADER + Integer.BYTES);
  }

  /**
   * The {@link Item} or {@link RunStart} of a whole record; empty if it is of a kind, or has a
   * content, that this release does not know.
   */
  static Optional<Object> read(ByteBuffer buffer, int start) {
    RecordReader in = new RecordReader(buffer, start);
    try {
      int unused = in.run();
      return entry(Frames.kind(buffer, start), in);
    } catch (BufferUnderflowException | IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Object> entry(byte kind, RecordReader in) {
    return switch (kind) {
      case METRIC -> {
        double value = in.real();
        long timestamp = in.number();
        long step = in.number();
        yield Optional.of(new Item.Metric(in.text(), value, timestamp, step));
      }
      case PARAM -> Optional.of(new Item.Param(in.text(), in.text()));
      case TAG -> Optional.of(new Item.Tag(in.text(), in.text()));
      case INPUT ->
          Optional.of(
              new Item.Input(in.text(), in.text(), in.text(), in.text(), in.text(), in.pairs()));
      case UPLOAD -> Optional.of(new Item.Upload(in.text(), Path.of(in.text()), print(in)));
      case MODEL -> Optional.of(new Item.Model(in.text(), Path.of(in.text()), registration(in)));
      case END -> {
        long time = in.number();
        yield Optional.of(new Item.End(Item.EndStatus.valueOf(in.text()), time));
      }
      case START ->
          Optional.of(
              new RunStart(in.text(), in.optional(), in.text(), in.text(), in.text(), in.number()));
      default -> Optional.empty();
    };
  }

  private static Optional<FilePrint> print(RecordReader in) {
    return in.number() == 0
        ? Optional.empty()
        : Optional.of(new FilePrint(in.number(), in.number(), in.optional()));
  }

  private static Optional<Item.Registration> registration(RecordReader in) {
    if (in.number() == 0) {
      return Optional.empty();
    }
    String model = in.text();
    List<String> aliases = in.texts();
    Map<String, String> tags = in.pairs();
    return Optional.of(new Item.Registration(model, aliases, tags));
  }
}
