package io.hdl.train;

import io.hdl.core.error.ErrorCode;
import io.hdl.core.error.HdlException;
import io.hdl.data.series.Part;
import io.hdl.data.series.SeriesStore;
import io.hdl.data.series.Windows;
import java.util.Locale;

/** The windows that a training has of a store, and why it cannot do without. */
final class RequiredWindows {
  private final TrainingSettings settings;
  private final SeriesStore store;

  RequiredWindows(TrainingSettings settings, SeriesStore store) {
    this.settings = settings;
    this.store = store;
  }

  /** The windows of a part, perhaps none. */
  Windows of(Part part) {
    return Windows.of(store, settings.split(), part, settings.context(), settings.horizon());
  }

  /** The windows of the training part, where every part that the split asks for has some. */
  Windows train() {
    Windows train =
        Windows.of(
            store,
            settings.split(),
            Part.TRAIN,
            settings.context(),
            settings.horizon(),
            settings.selection());
    requireWindows(train);
    requireWindows(Part.VALIDATION);
    requireWindows(Part.TEST);
    return train;
  }

  private void requireWindows(Windows train) {
    if (train.size() > 0) {
      return;
    }
    if (train.tooSparse() > 0) {
      throw new HdlException(
          ErrorCode.NOT_ENOUGH_DATA,
          "Cannot train: none of the "
              + train.tooSparse()
              + " windows of the training part has as much observed target as was asked for ("
              + settings.selection().settings()
              + "). Ask for less, or fill gaps in the series specification.");
    }
    int longestTrain = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      longestTrain = Math.max(longestTrain, settings.split().bounds(store, s).trainEnd());
    }
    int needed = settings.context() + settings.horizon();
    throw new HdlException(
        ErrorCode.NOT_ENOUGH_DATA,
        "Cannot train: none of the "
            + store.seriesCount()
            + " series is long enough. Context "
            + settings.context()
            + " and horizon "
            + settings.horizon()
            + " need "
            + needed
            + " steps of training history; the longest series has "
            + longestHistory()
            + " steps, the longest training part "
            + longestTrain
            + ". Choose a shorter context or horizon, or a split that leaves more for training.");
  }

  private int longestHistory() {
    int longest = 0;
    for (int s = 0; s < store.seriesCount(); s++) {
      longest = Math.max(longest, store.targetEnd(s));
    }
    return longest;
  }

  /** A part that the split asks for but that is empty is a mistake; one of 0 steps is a choice. */
  private void requireWindows(Part part) {
    if (!settings.split().asksFor(part) || of(part).size() > 0) {
      return;
    }
    String name = part.name().toLowerCase(Locale.ROOT);
    throw new HdlException(
        ErrorCode.NOT_ENOUGH_DATA,
        "Cannot train: the split ("
            + String.join("; ", settings.split().settings().values())
            + ") gives no series a window in its "
            + name
            + " part. A window needs a horizon of "
            + settings.horizon()
            + " steps in the part and a context of "
            + settings.context()
            + " before them; the longest series has "
            + longestHistory()
            + " steps. Choose another split, context or horizon, or 0 steps of "
            + name
            + " to go without it.");
  }
}
