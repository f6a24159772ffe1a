using System.Text.Json.Serialization;
using Diagnostics.Engine.ItemBank;
using Diagnostics.UseCases.Sessions;

namespace Diagnostics.Server.Api;

/// <summary>Serializes the types that saves use to JSON and back, with code generated at compile time.</summary>
[JsonSerializable(typeof(SaveRequest))]
[JsonSerializable(typeof(SavedResponse))]
[JsonSerializable(typeof(Response))]
internal sealed partial class SessionJson : JsonSerializerContext;
