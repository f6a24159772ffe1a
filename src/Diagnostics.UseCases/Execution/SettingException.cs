namespace Diagnostics.UseCases.Execution;

/// <summary>A setting that the service cannot run with; the message is for the operator.</summary>
internal sealed class SettingException(string name, string trouble) : Exception($"Настройка {name}: {trouble}.");
