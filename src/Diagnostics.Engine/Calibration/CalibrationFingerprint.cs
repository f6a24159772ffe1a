using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Diagnostics.Engine.Calibration;

/// <summary>
/// SHA-256 of all inputs of a calibration, written in a fixed order. Equal fingerprints mean equal inputs, in whatever
/// order they were read, and so equal results.
/// </summary>
public static class CalibrationFingerprint
{
    public static string Of(CalibrationInputs inputs, CalibrationOptions options)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        Append(
            hash,
            CanonicalJson.Of(
                new
                {
                    inputs.FormId,
                    method = CalibrationOptions.MethodVersion,
                    options,
                    inputs.Items,
                    inputs.Scale,
                    inputs.LeftOut,
                    inputs.Marks,
                }
            )
        );
        var line = new StringBuilder();
        foreach (var person in inputs.Persons.OrderBy(person => person.SessionId))
        {
            line.Clear().Append(CultureInfo.InvariantCulture, $"{person.SessionId:D}|{person.Variant}|");
            line.AppendJoin(',', person.Scores.Select(Text)).Append('|').AppendJoin(',', person.Choices.Select(Text)).Append('|');
            foreach (var answered in person.Answered)
                line.Append(answered ? '1' : '0');
            line.Append(CultureInfo.InvariantCulture, $"|{person.Site}|{person.Territory}|{person.Organisation}");
            Append(hash, line.ToString());
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static void Append(IncrementalHash hash, string text)
    {
        hash.AppendData(Encoding.UTF8.GetBytes(text));
        hash.AppendData("\n"u8);
    }
}
