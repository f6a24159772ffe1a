namespace Diagnostics.Psychometrics;

/// <summary>A confidence interval, in the units of what it is about.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
