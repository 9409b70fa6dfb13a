package io.hdl.train.optim;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.nn.Parameter;
import ai.djl.pytorch.engine.PtNDArray;
import io.hdl.train.model.FlatParameters;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * Which ranges of the flat weights have a weight decay. Neighbours of one kind are one range; where
 * all are of one kind the whole buffer is, so that a training without decay takes no other way than
 * one without groups. Immutable.
 */
final class DecayGroups {
  /** The ranges of one kind, by their numbers. */
  record Group(double weightDecay, List<Integer> ranges) {}

  private final long[] cuts;
  private final List<Group> groups;

  private DecayGroups(long[] cuts, List<Group> groups) {
    this.cuts = cuts;
    this.groups = groups;
  }

  static DecayGroups of(FlatParameters parameters, double weightDecay, DecayScope scope) {
    if (weightDecay == 0 || scope == DecayScope.ALL) {
      return whole(weightDecay);
    }
    List<Long> cuts = new ArrayList<>();
    List<Integer> decayed = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    boolean before = false;
    int range = -1;
    for (FlatParameters.Part part : parameters.parts()) {
      boolean decays = decays(part);
      if (range < 0 || decays != before) {
        range++;
        (decays ? decayed : kept).add(range);
        if (range > 0) {
          cuts.add((long) part.offset());
        }
      }
      before = decays;
    }
    if (kept.isEmpty() || decayed.isEmpty()) {
      return whole(kept.isEmpty() ? weightDecay : 0);
    }
    return new DecayGroups(
        cuts.stream().mapToLong(Long::longValue).toArray(),
        List.of(new Group(weightDecay, decayed), new Group(0, kept)));
  }

  /** One group of the whole buffer. */
  static DecayGroups whole(double weightDecay) {
    return new DecayGroups(new long[0], List.of(new Group(weightDecay, List.of(0))));
  }

  static boolean decays(FlatParameters.Part part) {
    return part.type() == Parameter.Type.WEIGHT
        && part.shape().dimension() >= 2
        && !part.name().toLowerCase(Locale.ROOT).contains("embedding");
  }

  List<Group> groups() {
    return groups;
  }

  /**
   * Views of a flat array's ranges, by group.
   *
   * @param flat weights, gradient or state {@code [n]}; the views belong to its manager
   */
  List<PtNDArray[]> views(NDArray flat) {
    if (cuts.length == 0) {
      return Collections.singletonList(new PtNDArray[] {(PtNDArray) flat});
    }
    NDList parts = flat.split(cuts);
    List<PtNDArray[]> views = new ArrayList<>();
    for (Group group : groups) {
      PtNDArray[] arrays = new PtNDArray[group.ranges().size()];
      for (int i = 0; i < arrays.length; i++) {
        arrays[i] = (PtNDArray) parts.get(group.ranges().get(i));
      }
      views.add(arrays);
    }
    return views;
  }
}
