package io.hdl.core.testing;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaConstructor;
import com.tngtech.archunit.core.domain.JavaField;
import com.tngtech.archunit.core.domain.JavaMember;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.domain.JavaType;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** What users of the library see: public and protected members of public types. */
final class PublicSignatures {
  private static final Set<String> OPTIONALS =
      Set.of(
          Optional.class.getName(),
          OptionalInt.class.getName(),
          OptionalLong.class.getName(),
          OptionalDouble.class.getName());

  /** A condition that is checked is no flag. */
  private static final Set<String> CONDITIONS = Set.of("io.hdl.core.error.Problems.require");

  private PublicSignatures() {}

  static ArchCondition<JavaClass> showOnlyPublicTypes(String root) {
    return new ArchCondition<>("show only public types in public signatures") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (!isVisible(item)) {
          return;
        }
        Set<JavaClass> supertypes = new LinkedHashSet<>();
        item.getSuperclass().ifPresent(type -> supertypes.addAll(type.getAllInvolvedRawTypes()));
        item.getInterfaces().forEach(type -> supertypes.addAll(type.getAllInvolvedRawTypes()));
        item.getTypeParameters().forEach(type -> supertypes.addAll(type.getAllInvolvedRawTypes()));
        report(item, item.getName(), supertypes, events);
        for (JavaMember member : item.getMembers()) {
          if (isVisible(member)) {
            report(item, member.getFullName(), typesOf(member), events);
          }
        }
      }

      private void report(
          JavaClass item, String where, Set<JavaClass> types, ConditionEvents events) {
        for (JavaClass type : types) {
          if (!mayBeShown(item, type.getBaseComponentType())) {
            events.add(
                SimpleConditionEvent.violated(
                    item, where + " shows " + type.getBaseComponentType().getName()));
          }
        }
      }

      private boolean mayBeShown(JavaClass item, JavaClass type) {
        String name = type.getName();
        if (type.isPrimitive() || name.startsWith("java.")) {
          return true;
        }
        if (name.startsWith(root + ".")) {
          return isVisible(type);
        }
        String home = item.getPackageName() + ".";
        return (name.startsWith("ai.djl.") && home.startsWith(root + ".train."))
            || (name.startsWith("org.mlflow.api.proto.")
                && home.startsWith(root + ".tracking.client."));
      }
    };
  }

  static ArchCondition<JavaClass> takeNoBoolean() {
    return takeNo(
        "boolean",
        type -> type.isEquivalentTo(boolean.class) || type.isEquivalentTo(Boolean.class),
        unit -> unit instanceof JavaConstructor,
        CONDITIONS);
  }

  static ArchCondition<JavaClass> takeNoOptional() {
    return takeNo("Optional", type -> OPTIONALS.contains(type.getName()), unit -> true, Set.of());
  }

  /** {@code exempt}: the members of records that may take it all the same. */
  private static ArchCondition<JavaClass> takeNo(
      String what,
      Predicate<JavaClass> unwanted,
      Predicate<JavaCodeUnit> exempt,
      Set<String> exceptions) {
    return new ArchCondition<>("take no " + what) {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        if (!isVisible(item)) {
          return;
        }
        for (JavaCodeUnit unit : item.getCodeUnits()) {
          if (isVisible(unit)
              && !(item.isRecord() && exempt.test(unit))
              && unit.getRawParameterTypes().stream().anyMatch(unwanted)
              && !exceptions.contains(item.getName() + "." + unit.getName())) {
            events.add(
                SimpleConditionEvent.violated(item, unit.getFullName() + " takes a " + what));
          }
        }
      }
    };
  }

  private static boolean isVisible(JavaClass type) {
    if (!type.getModifiers().contains(JavaModifier.PUBLIC)
        && !type.getModifiers().contains(JavaModifier.PROTECTED)) {
      return false;
    }
    return type.getEnclosingClass().map(PublicSignatures::isVisible).orElse(true);
  }

  private static boolean isVisible(JavaMember member) {
    Set<JavaModifier> modifiers = member.getModifiers();
    return (modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED))
        && !modifiers.contains(JavaModifier.SYNTHETIC)
        && !modifiers.contains(JavaModifier.BRIDGE)
        && !overrides(member);
  }

  /** Who declared a method first answers for its signature. */
  private static boolean overrides(JavaMember member) {
    if (!(member instanceof JavaMethod method)) {
      return false;
    }
    JavaClass owner = method.getOwner();
    return Stream.concat(
            owner.getAllRawSuperclasses().stream(), owner.getAllRawInterfaces().stream())
        .flatMap(type -> type.getMethods().stream())
        .filter(above -> !above.getModifiers().contains(JavaModifier.PRIVATE))
        .filter(above -> !above.getModifiers().contains(JavaModifier.STATIC))
        .anyMatch(
            above ->
                above.getName().equals(method.getName())
                    && above.getRawParameterTypes().size() == method.getRawParameterTypes().size());
  }

  private static Set<JavaClass> typesOf(JavaMember member) {
    Set<JavaClass> types = new LinkedHashSet<>();
    if (member instanceof JavaField field) {
      types.addAll(field.getType().getAllInvolvedRawTypes());
    }
    if (member instanceof JavaCodeUnit unit) {
      types.addAll(unit.getReturnType().getAllInvolvedRawTypes());
      for (JavaType parameter : unit.getParameterTypes()) {
        types.addAll(parameter.getAllInvolvedRawTypes());
      }
      unit.getThrowsClause().forEach(declared -> types.add(declared.getRawType()));
      unit.getTypeParameters().forEach(type -> types.addAll(type.getAllInvolvedRawTypes()));
    }
    return types;
  }
}
