namespace Diagnostics.Engine.People;

/// <summary>What people may ask to have corrected in their personal data.</summary>
public enum CorrectedField
{
    Surname,
    GivenName,
    Patronymic,
    Email,
    Position,
    Organisation,
}

/// <summary>What an operator decides on a person's request for a correction.</summary>
public enum CorrectionDecision
{
    Accepted,
    Refused,
}
