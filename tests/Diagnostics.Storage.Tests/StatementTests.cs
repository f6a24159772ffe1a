using System.Collections;
using System.Data.Common;
using System.Reflection;
using Diagnostics.Storage.Access;
using Diagnostics.Storage.Audit;
using Diagnostics.Storage.Dialects;
using Diagnostics.Storage.Sessions;
using Microsoft.Data.Sqlite;
using NodaTime;

namespace Diagnostics.Storage.Tests;

/// <summary>
/// Every method of every store runs on every engine, with everything given and with everything left out that may be: a
/// word, a type or a null that an engine does not understand is found here and not by the first who needs it.
/// </summary>
public abstract class StatementTests(SceneFixture scene)
{
    public sealed class OnSqlite(SceneFixture.OnSqlite scene) : StatementTests(scene), IClassFixture<SceneFixture.OnSqlite>;

    [NeedsPostgres]
    public sealed class OnPostgres(SceneFixture.OnPostgres scene) : StatementTests(scene), IClassFixture<SceneFixture.OnPostgres>;

    private const int SqliteConstraint = 19;

    private static readonly NullabilityInfoContext Nullability = new();

    public static TheoryData<string, bool> Methods()
    {
        var all = new TheoryData<string, bool>();
        foreach (var method in Stores())
        {
            all.Add(NameOf(method), false);
            if (method.GetParameters().Skip(1).Any(MayBeNull)) all.Add(NameOf(method), true);
        }
        return all;
    }

    [ContractTheory]
    [MemberData(nameof(Methods))]
    public async Task Every_statement_is_understood(string name, bool leaveOut)
    {
        var method = Stores().Single(each => NameOf(each) == name);

        var attempt = () => scene.Test.Database.Write<int>(async db =>
        {
            await (Task)method.Invoke(null, [db, .. method.GetParameters().Skip(1).Select(parameter => leaveOut && MayBeNull(parameter) ? null : Sample(parameter.ParameterType))])!;
            throw new UnderstoodException();
        }, Isolation.Guarded);

        // The schema may refuse what the sample says; the statement was understood all the same.
        (await attempt.Should().ThrowAsync<Exception>()).Which.Should().Match(fault => fault is UnderstoodException || Refused((Exception)fault), name);
    }

    [ContractFact]
    public void These_are_the_stores() => Stores().Select(method => method.DeclaringType!.Name).Distinct().Should().HaveCountGreaterThan(25)
        .And.Contain([nameof(AccountStore), nameof(AuditStore), nameof(ResponseStore), nameof(SessionStore)]);

    private static IEnumerable<MethodInfo> Stores() =>
        from type in typeof(Database).Assembly.GetTypes()
        where type is { IsAbstract: true, IsSealed: true } && type != typeof(Migrator) && type.Namespace != typeof(SqlDialect).Namespace
        from method in type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.DeclaredOnly)
        where !method.IsPrivate && method.GetParameters() is [{ ParameterType: var first }, ..] && first == typeof(Db)
        orderby type.Name, method.Name
        select method;

    private static string NameOf(MethodInfo method) =>
        $"{method.DeclaringType!.Name}.{method.Name}({string.Join(", ", method.GetParameters().Skip(1).Select(parameter => parameter.Name))})";

    private static bool Refused(Exception fault) => fault switch
    {
        SqliteException sqlite => sqlite.SqliteErrorCode == SqliteConstraint,
        DbException { SqlState: ['2', '3', ..] } => true,
        _ => false,
    };

    private static bool MayBeNull(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) is not null
        || (!parameter.ParameterType.IsValueType && Nullability.Create(parameter).WriteState is NullabilityState.Nullable);

    /// <summary>Something of this type, whole as far as it goes.</summary>
    private static object? Sample(Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(Guid)) return Words.Id("sample");
        if (type == typeof(Instant)) return TestDatabase.Now;
        if (type == typeof(string) || type == typeof(object)) return "sample";
        if (type == typeof(Engine.Points)) return Engine.Points.From(1);
        if (type.IsPrimitive) return Convert.ChangeType(1, type, System.Globalization.CultureInfo.InvariantCulture);
        if (type.IsEnum) return Enum.GetValues(type).GetValue(0);
        if (type.IsGenericType && type.IsAssignableTo(typeof(IEnumerable))) return Several(type.GetGenericArguments());
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

    private sealed class UnderstoodException : Exception;
}
