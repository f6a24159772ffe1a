namespace Diagnostics.UseCases.Execution;

/// <summary>Thrown for a setting with which the service cannot run; the message is for the operator.</summary>
internal sealed class SettingException(string name, string trouble) : Exception($"Настройка {name}: {trouble}.");
