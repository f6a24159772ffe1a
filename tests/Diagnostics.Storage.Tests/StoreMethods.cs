using System.Collections;
using System.Reflection;
using Diagnostics.Storage.Sessions.Saving;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>Every method of every store, with sample arguments for it.</summary>
internal static class StoreMethods
{
    private static readonly NullabilityInfoContext Nullability = new();

    private const BindingFlags Kinds = BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly;

    private static readonly Type[] OfOneEngine = [typeof(SqliteSaves), typeof(PostgresSaves), typeof(SqlServerSaves)];

    /// <summary>
    /// The names of the methods: each name occurs once for a call with all arguments and, if some are optional, once
    /// more for a call without the optional ones.
    /// </summary>
    internal static TheoryData<string, bool> Names()
    {
        var all = new TheoryData<string, bool>();
        foreach (var method in All())
        {
            all.Add(NameOf(method), false);
            if (method.GetParameters().Skip(1).Any(MayBeNull))
                all.Add(NameOf(method), true);
        }
        return all;
    }

    internal static IEnumerable<MethodInfo> All() =>
        from type in typeof(Database).Assembly.GetTypes()
        where type is { IsAbstract: true, IsSealed: true } || Instances(type).Count > 0
        where type != typeof(Migrator) && !OfOneEngine.Contains(type)
        from method in type.GetMethods(Kinds | BindingFlags.Instance)
        where !method.IsPrivate && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Db)
        orderby type.Name, method.Name
        select method;

    internal static async Task Call(string name, Db db, bool leaveOut)
    {
        var method = All().Single(each => NameOf(each) == name);
        object?[] arguments =
        [
            db,
            .. method
                .GetParameters()
                .Skip(1)
                .Select(parameter => leaveOut && MayBeNull(parameter) ? null : Sample(parameter.ParameterType)),
        ];
        foreach (var store in method.IsStatic ? [null] : Instances(method.DeclaringType!))
            await (Task)method.Invoke(store, arguments)!;
    }

    /// <summary>The stores of a type that serves several tables alike, one for each table.</summary>
    private static IReadOnlyList<object?> Instances(Type type) =>
        type.Name.EndsWith("Store", StringComparison.Ordinal)
            ? type.GetFields(Kinds).Where(field => field.FieldType == type).Select(field => field.GetValue(null)).ToList()
            : [];

    private static string NameOf(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Skip(1).Select(parameter => parameter.Name))})";

    private static bool MayBeNull(ParameterInfo parameter) =>
        Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState is NullabilityState.Nullable);

    /// <summary>A sample value of this type, as complete as possible.</summary>
    private static object? Sample(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Guid))
            return Words.Id("sample");
        if (type == typeof(Instant))
            return TestDatabase.Now;
        if (type == typeof(string))
            return "sample";
        // Words, which an entry of the audit trail keeps beside it.
        if (type == typeof(object))
            return "sample of words";
        if (type == typeof(Engine.Points))
            return Engine.Points.From(1);
        if (type == typeof(byte[]))
            return "sample"u8.ToArray();
        if (type.IsPrimitive)
            return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsEnum)
            return Enum.GetValues(type).GetValue(0);
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable)))
            return Several(type.GetGenericArguments());
        var constructor = type.GetConstructors(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic)
            .Where(each => each.GetParameters() is not [{ ParameterType: var own }] || own != type)
            .MaxBy(each => each.GetParameters().Length)!;
        return constructor.Invoke(constructor.GetParameters().Select(parameter => Sample(parameter.ParameterType)).ToArray());
    }

    private static object Several(Type[] of)
    {
        if (of.Length == 2)
        {
            var dictionary = (IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(of))!;
            dictionary[Sample(of[0])!] = Sample(of[1]);
            return dictionary;
        }
        var array = Array.CreateInstance(of[0], 1);
        array.SetValue(Sample(of[0]), 0);
        return array;
    }
}
