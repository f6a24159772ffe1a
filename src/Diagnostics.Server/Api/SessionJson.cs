using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

/// <summary>JSON code for the types of the hot path, generated at compile time.</summary>
[JsonSerializable(typeof(SaveRequest))]
[JsonSerializable(typeof(SavedResponse))]
[JsonSerializable(typeof(Response))]
internal sealed partial class SessionJson : JsonSerializerContext;
