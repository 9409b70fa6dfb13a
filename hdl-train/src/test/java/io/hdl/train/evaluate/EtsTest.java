package io.hdl.train.evaluate;

import io.hdl.train.metric.ReferenceValues;
import org.junit.jupiter.api.Test;

class EtsTest {
  @Test
  void look() {
    for (ReferenceValues one : SeriesMethodsTest.read("ets.json")) {
      double[] history = one.numbers("history");
      int season = (int) one.number("season");
      long begun = System.nanoTime();
      EtsFit best = Ets.best(history, season);
      System.out.println(
          one.text("series")
              + " "
              + best.form()
              + " "
              + best.aicc()
              + " "
              + (System.nanoTime() - begun) / 1000000
              + " ms");
      for (ReferenceValues form : one.cases("forms")) {
        for (EtsForm f : EtsForm.all(true, true)) {
          if (f.toString().equals(form.text("form"))) {
            EtsFit fit = EtsFit.of(history, f, season);
            double d = 0;
            double sc = 0;
            double[] fc = fit.forecast(12);
            double[] o = form.numbers("other_forecast");
            for (int i = 0; i < 12; i++) {
              d += Math.abs(fc[i] - o[i]);
              sc += Math.abs(o[i]);
            }
            System.out.printf(
                "   %s %.3f  %.3f %.3f  aicc %.3f %.3f  f %.4f%n",
                f,
                fit.deviance(),
                form.number("deviance"),
                form.number("other_deviance"),
                fit.aicc(),
                form.number("aicc"),
                d / sc);
          }
        }
      }
    }
  }
}
