using Diagnostics.Engine;

namespace Diagnostics.UseCases.Execution;

/// <summary>
/// The reasons why a signed-in person may not use all rights of their roles. Each use case declares under which of
/// these limits it may still be used.
/// </summary>
[Flags]
internal enum SignInLimits : byte
{
    None = 0,

    /// <summary>The person must first change the password, because somebody else chose it.</summary>
    ChangePassword = 1,

    /// <summary>The person must still show a second factor.</summary>
    ShowSecondFactor = 2,

    /// <summary>A role requires a second factor, and the person has none yet.</summary>
    SetUpSecondFactor = 4,

    /// <summary>The person signed in with an access code, which opens a single session and nothing else.</summary>
    OneSession = 8,

    All = ChangePassword | ShowSecondFactor | SetUpSecondFactor | OneSession,
}

internal static class LimitRefusals
{
    /// <summary>
    /// Refuses, and names the next thing that the person must do. When there are several, each refusal names only one,
    /// in a fixed order.
    /// </summary>
    internal static Refusal Of(SignInLimits limits) =>
        limits switch
        {
            _ when limits.HasFlag(SignInLimits.OneSession) => Refusal.Forbidden(
                "access-code-only",
                "Код доступа открывает только сеанс; для остального войдите по имени и паролю."
            ),
            _ when limits.HasFlag(SignInLimits.ShowSecondFactor) => Refusal.Forbidden(
                "second-factor-required",
                "Подтвердите вход кодом из приложения или резервным кодом."
            ),
            _ when limits.HasFlag(SignInLimits.ChangePassword) => Refusal.Forbidden(
                "password-change-required",
                "Пароль выдан вам на один раз: сначала смените его."
            ),
            _ => Refusal.Forbidden("second-factor-setup-required", "Для вашей роли нужен второй фактор: сначала подключите его."),
        };
}
