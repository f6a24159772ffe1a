namespace Diagnostics.Psychometrics;

/// <summary>A confidence interval, in the units of the quantity that it bounds.</summary>
public readonly record struct Interval(double Lower, double Upper)
{
    public bool Contains(double value) => Lower <= value && value <= Upper;
}
