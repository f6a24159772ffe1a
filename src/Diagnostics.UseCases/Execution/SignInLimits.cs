using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>Why a signed-in person may not do everything that the roles allow. A use case says which of them it is open under.</summary>
[Flags]
internal enum SignInLimits : byte
{
    None = 0,

    /// <summary>The password is the first one, or somebody else's choice.</summary>
    ChangePassword = 1,

    /// <summary>A second factor is to be shown.</summary>
    ShowSecondFactor = 2,

    /// <summary>A role demands a second factor, and there is none yet.</summary>
    SetUpSecondFactor = 4,

    /// <summary>Signed in with an access code, which opens one session and nothing else of the person.</summary>
    OneSession = 8,

    All = ChangePassword | ShowSecondFactor | SetUpSecondFactor | OneSession,
}

internal static class LimitRefusals
{
    /// <summary>What must be done first; where several things must, in their order.</summary>
    internal static Refusal Of(SignInLimits limits) => limits switch
    {
        _ when limits.HasFlag(SignInLimits.OneSession) =>
            Refusal.Forbidden("access-code-only", "Код доступа открывает только сеанс; для остального войдите по имени и паролю."),
        _ when limits.HasFlag(SignInLimits.ShowSecondFactor) =>
            Refusal.Forbidden("second-factor-required", "Подтвердите вход кодом из приложения или резервным кодом."),
        _ when limits.HasFlag(SignInLimits.ChangePassword) =>
            Refusal.Forbidden("password-change-required", "Пароль выдан вам на один раз: сначала смените его."),
        _ => Refusal.Forbidden("second-factor-setup-required", "Для вашей роли нужен второй фактор: сначала подключите его."),
    };
}
