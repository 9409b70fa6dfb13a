package io.hdl.train.optim;

import ai.djl.nn.Parameter;
import io.hdl.train.model.FlatParameters;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Which arrays of weights have a weight decay, by their places: in a training without decay all are
 * of one group, so that groups cost it nothing.
 *
 * @param decayed places of those that have it
 * @param kept places of those that have none
 */
record DecayGroups(List<Integer> decayed, List<Integer> kept) {
  static DecayGroups of(List<FlatParameters.Part> parts, double weightDecay, DecayScope scope) {
    List<Integer> decayed = new ArrayList<>();
    List<Integer> kept = new ArrayList<>();
    for (int place = 0; place < parts.size(); place++) {
      boolean all = weightDecay == 0 || scope == DecayScope.ALL;
      (all || decays(parts.get(place)) ? decayed : kept).add(place);
    }
    return new DecayGroups(decayed, kept);
  }

  static boolean decays(FlatParameters.Part part) {
    return part.type() == Parameter.Type.WEIGHT
        && part.shape().dimension() >= 2
        && !part.name().toLowerCase(Locale.ROOT).contains("embedding");
  }
}
