package io.hdl.samples;

import io.hdl.core.error.HdlException;
import io.hdl.data.feature.CalendarField;
import io.hdl.data.series.Frequency;
import io.hdl.data.series.Split;
import io.hdl.train.loss.Loss;
import io.hdl.train.loss.Losses;
import io.hdl.train.model.Models;
import io.hdl.train.optim.LearningRate;
import io.hdl.train.parallel.Devices;
import io.hdl.train.parallel.Precision;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads option values that are more than a number or a word. */
final class Choices {
  private Choices() {}

  /** Names of the models that come with hdl. */
  static final String MODELS = "deepar, dlinear, nbeats, nhits, nlinear, patchtst, tide, tsmixer";

  /** The name of a model that comes with hdl. */
  static final class ModelOf implements ITypeConverter<String> {
    @Override
    public String convert(String value) {
      if (!Models.names().contains(value)) {
        throw new TypeConversionException(
            "expected one of " + Models.names() + " but was '" + value + "'");
      }
      return value;
    }
  }

  /** What is drawn equally often in training. */
  enum SamplingChoice {
    windows,
    series
  }

  /** What the rows between a series' first and last may be missing for. */
  enum GapChoice {
    zero,
    missing
  }

  /** Which series are kept. */
  enum SeriesChoice {
    all,
    complete
  }

  /** How the target is scaled, series by series. */
  enum ScaleChoice {
    none,
    standard,
    mean
  }

  /** Which settings models begin with. */
  enum SettingsChoice {
    defaults,
    published
  }

  /** Which features are made of the table's columns. */
  enum FeatureChoice {
    calendar,
    lags
  }

  /** A frequency with its usual season. */
  static final class FrequencyOf implements ITypeConverter<Frequency> {
    @Override
    public Frequency convert(String value) {
      return switch (value.toLowerCase(Locale.ROOT)) {
        case "h" -> Frequency.HOURLY;
        case "d" -> Frequency.DAILY;
        case "w" -> Frequency.WEEKLY;
        case "m" -> Frequency.MONTHLY;
        case "integer" -> Frequency.INTEGER;
        default ->
            throw new TypeConversionException(
                "expected one of D, W, M, H, integer but was '" + value + "'");
      };
    }
  }

  /** Steps of the usual season of a frequency. */
  static int usualSeason(Frequency frequency) {
    return switch (frequency) {
      case HOURLY -> 24;
      case DAILY -> 7;
      case WEEKLY -> 52;
      case MONTHLY -> 12;
      case INTEGER -> 1;
    };
  }

  /** The fields of the calendar that steps of a frequency go round in; none for integers. */
  static CalendarField[] usualCalendar(Frequency frequency) {
    return switch (frequency) {
      case HOURLY ->
          new CalendarField[] {
            CalendarField.HOUR, CalendarField.WEEKDAY, CalendarField.DAY_OF_YEAR
          };
      case DAILY -> new CalendarField[] {CalendarField.WEEKDAY, CalendarField.DAY_OF_YEAR};
      case WEEKLY -> new CalendarField[] {CalendarField.WEEK};
      case MONTHLY -> new CalendarField[] {CalendarField.MONTH};
      case INTEGER -> new CalendarField[0];
    };
  }

  /** A split that still waits for the horizon, which {@code last} takes as its default. */
  interface SplitChoice {
    /** The split for a horizon. */
    Split forHorizon(int horizon);
  }

  /** {@code A,B,C}, {@code last} or {@code last:validation,test}. */
  static final class SplitOf implements ITypeConverter<SplitChoice> {
    @Override
    public SplitChoice convert(String value) {
      if (value.equals("last")) {
        return horizon -> Split.last(horizon, horizon);
      }
      try {
        if (value.startsWith("last:")) {
          int[] steps = steps(value.substring("last:".length()), 2);
          Split split = Split.last(steps[0], steps[1]);
          return horizon -> split;
        }
        int[] steps = steps(value, 3);
        Split split = Split.steps(steps[0], steps[1], steps[2]);
        return horizon -> split;
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException(
            "expected TRAIN,VALIDATION,TEST in steps, last, or last:VALIDATION,TEST but was '"
                + value
                + "'");
      }
    }

    private static int[] steps(String text, int count) {
      int[] steps =
          Arrays.stream(text.split(",", -1))
              .mapToInt(part -> Integer.parseInt(part.strip()))
              .toArray();
      if (steps.length != count) {
        throw new IllegalArgumentException(text);
      }
      return steps;
    }
  }

  /** What losses there are. */
  static final String LOSSES =
      "mae, mse, huber:1, quantiles:0.1,0.5,0.9, smape, mase:24, poisson, tweedie:1.5,"
          + " gaussian:0.1,0.9, student_t:0.1,0.9 or negative_binomial:0.1,0.9";

  /** {@code mae}, {@code quantiles:0.1,0.5,0.9} and so on. */
  static final class LossOf implements ITypeConverter<Loss> {
    @Override
    public Loss convert(String value) {
      int colon = value.indexOf(':');
      String kind = colon < 0 ? value : value.substring(0, colon);
      try {
        if (colon >= 0) {
          return Losses.named(kind + "(" + value.substring(colon + 1).replace(",", ", ") + ")");
        }
        return switch (kind) {
          case "gaussian" -> Losses.gaussian();
          case "student_t" -> Losses.studentT();
          case "negative_binomial" -> Losses.negativeBinomial();
          default -> Losses.named(kind);
        };
      } catch (IllegalArgumentException e) {
        throw new TypeConversionException("expected " + LOSSES + " but was '" + value + "'");
      }
    }
  }

  /** What learning-rate schedules there are. */
  static final String SCHEDULES = "constant, cosine, step:1,0.5, one_cycle or plateau";

  /** {@code cosine}, {@code step:EPOCHS,FACTOR} and so on. */
  static final class ScheduleOf implements ITypeConverter<LearningRate> {
    @Override
    public LearningRate convert(String value) {
      try {
        if (value.startsWith("step:")) {
          String[] parts = value.substring("step:".length()).split(",", 2);
          return LearningRate.step(
              Integer.parseInt(parts[0].strip()), Double.parseDouble(parts[1].strip()));
        }
        return LearningRate.of(Map.of("name", value));
      } catch (IllegalArgumentException | ArrayIndexOutOfBoundsException | HdlException e) {
        throw new TypeConversionException("expected " + SCHEDULES + " but was '" + value + "'");
      }
    }
  }

  /** A number format by its lower-case name. */
  static final class PrecisionOf implements ITypeConverter<Precision> {
    @Override
    public Precision convert(String value) {
      return Arrays.stream(Precision.values())
          .filter(precision -> precision.name().toLowerCase(Locale.ROOT).equals(value))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "expected float32, bfloat16 or tf32 but was '" + value + "'"));
    }
  }

  /** {@code auto}, {@code cpu}, {@code all} or GPU numbers such as {@code 0,1}. */
  static final class DevicesOf implements ITypeConverter<Devices> {
    @Override
    public Devices convert(String value) {
      return switch (value) {
        case "auto" -> Devices.auto();
        case "cpu" -> Devices.cpu();
        case "all" -> Devices.all();
        default -> {
          try {
            yield Devices.gpus(
                Arrays.stream(value.split(",", -1)).mapToInt(Integer::parseInt).toArray());
          } catch (IllegalArgumentException e) {
            throw new TypeConversionException(
                "expected auto, cpu, all or GPU numbers such as 0,1 but was '" + value + "'");
          }
        }
      };
    }
  }
}
