namespace Diagnostics.Engine.Sessions;

/// <summary>How far a session on paper has come; each stage follows the one before it.</summary>
public enum PaperStage
{
    /// <summary>The package is made; the session has not begun on paper.</summary>
    Prepared,

    /// <summary>The person writes.</summary>
    Writing,

    /// <summary>The sheets are with the site.</summary>
    Collected,

    /// <summary>One person has entered the answers.</summary>
    EnteredOnce,

    /// <summary>Two people have entered different answers; a third person decides.</summary>
    Differs,

    /// <summary>The answers are in the session, which is finished.</summary>
    Entered,
}
