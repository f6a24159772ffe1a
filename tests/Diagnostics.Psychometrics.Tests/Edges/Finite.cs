using System.Collections;
using System.Globalization;
using System.Reflection;
using Diagnostics.Psychometrics.ItemResponse;

namespace Diagnostics.Psychometrics.Tests.Edges;

/// <summary>Searches a result for numbers that are NaN or infinite.</summary>
public static class Finite
{
    /// <summary>
    /// The location of the first NaN, infinity or failing property; null when every number is finite or is absent with
    /// a reason.
    /// </summary>
    public static string? Fault(object? result) => Fault(result, "", 0);

    private static string? Fault(object? value, string at, int depth)
    {
        switch (value)
        {
            case null or string or Enum or bool or int or long or Type:
                return null;
            case double number:
                return double.IsFinite(number) ? null : string.Create(CultureInfo.InvariantCulture, $"{at} = {number}");
            case Array { Rank: > 1 } table:
                return table.OfType<double>().Any(number => !double.IsFinite(number)) ? $"{at} holds a number that is none" : null;
            case IEnumerable many:
                return many.Cast<object?>()
                    .Select((one, place) => Fault(one, $"{at}[{place}]", depth))
                    .FirstOrDefault(fault => fault is not null);
        }
        var type = value.GetType();
        if (depth > 8 || type.Namespace?.StartsWith("Diagnostics.Psychometrics", StringComparison.Ordinal) != true)
            return null;
        if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Estimate<>))
            return type.GetProperty("IsDefined")!.GetValue(value) is true
                ? Fault(type.GetProperty("Value")!.GetValue(value), at, depth + 1)
                : null;
        foreach (
            var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                .Where(property => property.GetIndexParameters().Length == 0)
        )
        {
            // With a slope of 0 the steps are infinite, as the type documents.
            if (value is ItemParameters { Slope: 0 } && property.Name is "Steps" or "Location")
                continue;
            object? part;
            try
            {
                part = property.GetValue(value);
            }
            catch (TargetInvocationException error)
            {
                return $"{at}.{property.Name} throws {error.InnerException!.GetType().Name}";
            }
            if (Fault(part, $"{at}.{property.Name}", depth + 1) is { } fault)
                return fault;
        }
        return null;
    }
}
