package io.hdl.core.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.regex.Pattern;
import org.jspecify.annotations.NullMarked;

/** What a package must have and how things may be named. */
final class PackageRules {
  private static final Pattern EMPTY_PACKAGE =
      Pattern.compile(".*\\.(utils?|commons?|helpers?|impl|managers?|misc)(\\..*)?");
  private static final Pattern EMPTY_CLASS =
      Pattern.compile(".*(Utils?|Helpers?|Impl|Managers?|Commons?)");

  private PackageRules() {}

  static ArchCondition<JavaClass> lieInNullMarkedPackages() {
    return new ArchCondition<>("lie in packages with a @NullMarked package-info") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (!item.getPackage().isAnnotatedWith(NullMarked.class)) {
          events.add(
              SimpleConditionEvent.violated(
                  item,
                  "Package "
                      + item.getPackageName()
                      + " has no package-info.java with @NullMarked (holds "
                      + item.getSimpleName()
                      + ")"));
        }
      }
    };
  }

  static ArchCondition<JavaClass> beNamedAfterAConcept() {
    return new ArchCondition<>("be named after a concept") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (EMPTY_PACKAGE.matcher(item.getPackageName()).matches()
            || EMPTY_CLASS.matcher(item.getSimpleName()).matches()) {
          events.add(
              SimpleConditionEvent.violated(
                  item, item.getName() + " says where it lies, not what it is"));
        }
      }
    };
  }
}
