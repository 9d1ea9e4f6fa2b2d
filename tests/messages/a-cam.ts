const epoch = 1_072_915_200_000;

/** A CAM 2.4.0 at `timestampMs` whose raw fields can be overridden one by one. */
export function aCam(timestampMs: number, raw: Readonly<Record<string, unknown>> = {}, envelope: object = {}) {
  const pick = (name: string, usual: unknown): unknown => (name in raw ? raw[name] : usual);
  return {
    message_type: 'cam',
    source_uuid: 'car-1',
    timestamp: timestampMs,
    version: '2.4.0',
    message: {
      protocol_version: 1,
      station_id: 42,
      generation_delta_time: pick('generation_delta_time', (timestampMs - epoch) % 65_536),
      basic_container: {
        station_type: pick('station_type', 5),
        reference_position: {
          latitude: pick('latitude', 437_384_000),
          longitude: pick('longitude', 74_246_000),
          position_confidence_ellipse: {
            semi_major: pick('semi_major', 100),
            semi_minor: pick('semi_minor', 50),
            semi_major_orientation: 0,
          },
          altitude: { value: pick('altitude', 5000), confidence: 1 },
        },
      },
      high_frequency_container: {
        basic_vehicle_container_high_frequency: {
          heading: { value: pick('heading', 900), confidence: 2 },
          speed: { value: pick('speed', 1389), confidence: 3 },
          drive_direction: pick('drive_direction', 0),
          vehicle_length: { value: pick('vehicle_length', 45), confidence: 0 },
          vehicle_width: pick('vehicle_width', 18),
          longitudinal_acceleration: { value: pick('longitudinal_acceleration', -12), confidence: 2 },
          curvature: { value: 1023, confidence: 7 },
          curvature_calculation_mode: 2,
          yaw_rate: { value: pick('yaw_rate', 100), confidence: 8 },
        },
      },
    },
    ...envelope,
  };
}
