using System.Reflection;
using Diagnostics.Server.Pages.Site;

namespace Diagnostics.Server.Tests.Pages;

/// <summary>The words with which pages say a code.</summary>
public sealed class WordsTests
{
    /// <summary>A page that meets a code without words would answer 500.</summary>
    [Fact]
    public void Every_value_of_a_code_has_its_words()
    {
        var words = typeof(Words)
            .Assembly.GetTypes()
            .Where(type => type.Name.EndsWith("Words", StringComparison.Ordinal))
            .SelectMany(type => type.GetMethods(BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic))
            .Where(method => method.ReturnType == typeof(string) && method.GetParameters() is [{ ParameterType.IsEnum: true }])
            .ToList();

        words.Should().HaveCountGreaterThan(15);
        var missing =
            from method in words
            let code = method.GetParameters()[0].ParameterType
            from value in Enum.GetValues(code).Cast<object>()
            where !Says(method, value)
            select $"{method.DeclaringType!.Name}.{method.Name}({code.Name}.{value})";
        missing.Should().BeEmpty();
    }

    private static bool Says(MethodInfo method, object value)
    {
        try
        {
            return method.Invoke(null, [value]) is string;
        }
        catch (TargetInvocationException)
        {
            return false;
        }
    }
}
